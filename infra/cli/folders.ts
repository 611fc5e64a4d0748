import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const PROJECT_ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where an environment keeps its state on this machine: `$XDG_STATE_HOME/gpu-observability/<stack>`. */
export function stateFolder(name: string): string {
  const base = process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
  return join(base, "gpu-observability", name);
}
