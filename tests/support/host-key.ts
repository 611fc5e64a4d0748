/** Public key of no host: its private half was thrown away. */
export const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN7xVZLTdcM7e3M33Y0Mmk0Itk2b6tiDGdKytmcwWUm6";
