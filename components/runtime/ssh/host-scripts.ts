import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "host");
/** In the order a shell needs: functions first, the entry last. */
const APPLY_PARTS = [
  "common",
  "plan",
  "unpack",
  "records",
  "programs",
  "packages",
  "images",
  "users",
  "secrets",
  "units",
  "health",
  "kernel",
  "install",
  "remove",
  "main",
];

function read(name: string): string {
  return readFileSync(join(FOLDER, `${name}.sh`), "utf8");
}

/** The program that installs a bundle on its host, and removes it. */
export const APPLY_SCRIPT = APPLY_PARTS.map(read).join("\n");
/** Follows the kernel's messages in the journal, where there is no rsyslog. */
export const KERNEL_LOG_SCRIPT = read("kernel-log");
/** What the connection runs: unpacks the upload and starts its `apply`. */
export const BOOTSTRAP_SCRIPT = read("bootstrap");
/** What the connection runs when the host goes. */
export const REMOVE_SCRIPT = read("bootstrap-remove");
