import { spawn } from "node:child_process";
import { join } from "node:path";
import { PROJECT_ROOT } from "./folders.ts";

/** What the steps remember of the last run, beside the dependencies: files that have not changed are not read again. */
const CACHE = join("node_modules", ".cache", "lint");

const STEPS: readonly (readonly [name: string, ...command: string[]])[] = [
  ["types", "tsc", "--project", ".", "--incremental", "--tsBuildInfoFile", join(CACHE, "types.tsbuildinfo")],
  [
    "types of the page",
    ...["tsc", "--project", join("components", "console", "page"), "--incremental"],
    ...["--tsBuildInfoFile", join(CACHE, "page-types.tsbuildinfo")],
  ],
  ["rules", "eslint", ".", "--cache", "--cache-strategy", "content", "--cache-location", join(CACHE, "rules.json")],
  [
    "format",
    ...["prettier", "--check", "--log-level", "warn", "."],
    ...["--cache", "--cache-strategy", "content", "--cache-location", join(CACHE, "format.json")],
  ],
];

/** Runs every step of lint side by side and prints each one's result; gives the names of those that failed. */
export async function runLint(): Promise<readonly string[]> {
  const results = await Promise.all(
    STEPS.map(async ([name, program = "", ...args]) => {
      const { code, output } = await run(program, args);
      console.log(`${output}${name}: ${code === 0 ? "ok" : "failed"}`);
      return code === 0 ? [] : [name];
    }),
  );
  return results.flat();
}

function run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: PROJECT_ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
