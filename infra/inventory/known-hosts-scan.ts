/** A machine that is reached over ssh. */
export interface Machine {
  readonly address: string;
  readonly port: number;
  /** The bastion it is reached through. @default none */
  readonly from?: string | undefined;
}

/** How an operator learns a machine's key and can trust it. */
export function scanFix({ address, port, from }: Machine): string {
  const command = `ssh-keyscan -t ed25519 ${port === 22 ? "" : `-p ${port} `}${address}`;
  return `${command}${from === undefined ? "" : ` on ${from}`}, compared with the host's own /etc/ssh/ssh_host_ed25519_key.pub`;
}

/** Under what its keys stand, the first that has one counting: OpenSSH falls back to the name without the port. */
export function namesOf({ address, port }: Machine): readonly string[] {
  return port === 22 ? [address] : [`[${address}]:${port}`, address];
}
