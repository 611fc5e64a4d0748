import { findProgram, reasonLeftOut } from "../toolchain/toolchain.ts";
import type { Unavailable } from "../topology/plan.ts";

/** Programs that no registry offers as source: they need the official archive. */
const RELEASE_ONLY = ["greptimedb", "grafana"] as const;

/** What a machine without any of those programs leaves out. */
export const OFFLINE: Unavailable = Object.fromEntries(
  RELEASE_ONLY.map((name) => [name, "its program comes only as an official archive, which could not be reached"]),
);

/** What this machine leaves out, with the reason that was found when the program was last looked for. */
export function unavailablePrograms(): Unavailable {
  const missing = Object.entries(OFFLINE).filter(([name]) => findProgram(name) === undefined);
  return Object.fromEntries(missing.map(([name, usual]) => [name, reasonLeftOut(name) ?? usual]));
}
