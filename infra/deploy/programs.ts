import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import { findProgram, reasonLeftOut } from "../toolchain/toolchain.ts";
import { OWN_PROGRAMS } from "./own-programs.ts";

/** Whether a program is one of this project's own, and so needs no toolchain. */
export function isOwnProgram(name: string): boolean {
  return name in OWN_PROGRAMS;
}

/**
 * The command that runs a program on this machine.
 *
 * @throws {ConfigError} when the toolchain does not have it yet
 */
export function resolveProgram(name: string): readonly string[] {
  const own = OWN_PROGRAMS[name];
  if (own !== undefined) return [join(PROJECT_ROOT, "node_modules", ".bin", "node"), join(PROJECT_ROOT, own)];
  const found = findProgram(name);
  if (found !== undefined) return [found];
  throw new ConfigError([
    {
      path: `program ${name}`,
      expected: "in the toolchain's cache",
      got: reasonLeftOut(name) ?? "nothing",
      fix: "npm run up -- local, which fetches or builds it",
    },
  ]);
}
