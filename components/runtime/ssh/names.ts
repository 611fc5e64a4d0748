/** Folders and names on a host. `/etc` is always on the root file system, so units are there when systemd looks for them. */
export const CONFIG_FOLDER = "/etc/gpu-observability";
/** Fetched programs: `programs/<key>/bin/<program>`; SELinux labels `bin` below /opt as executable. */
export const PROGRAM_FOLDER = "/opt/gpu-observability/programs";
/** The kernel's messages with their priorities, whoever writes them: rsyslog or the journal's forwarder. */
export const KERNEL_LOG_FILE = "/var/log/gpu-observability/kern.log";

const PREFIX = "gpu-observability-";

/** Name of the unit of a service: `gpu-observability-agent.service`, the same on every host. */
export function unitName(service: string): string {
  return `${PREFIX}${service}.service`;
}

/** System user of a service: `gpuobs-agent`. */
export function userName(service: string): string {
  return `gpuobs-${service}`;
}

/** Where the upload of a version waits, below the home folder of the connection's user. */
export function uploadName(version: string): string {
  return `${PREFIX}${version}.tar`;
}

/** Whether a file is such an upload, or what a run that was killed has left of one. */
export function isUploadName(name: string): boolean {
  return name.startsWith(PREFIX) && /\.tar(\.\d+)?$/.test(name);
}
