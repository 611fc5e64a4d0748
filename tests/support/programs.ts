import { spawnSync } from "node:child_process";
import { findProgram } from "../../infra/toolchain/toolchain.ts";

/** Where a program of the toolchain is. */
export function program(name: string): string {
  const found = findProgram(name);
  if (found === undefined) throw new Error(`${name} is not in the toolchain's cache; run: npm start`);
  return found;
}

/** Runs a program of the toolchain to its end. */
export function runProgram(
  name: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
) {
  const { status, stdout, stderr } = spawnSync(program(name), args, {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", ...env },
    timeout: 300_000,
  });
  return { status, output: `${stdout}${stderr}` };
}
