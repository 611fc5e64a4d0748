import { spawn } from "node:child_process";
import { PROJECT_ROOT } from "../folders.ts";
import type { Bench, Figures } from "./bench.ts";

/**
 * A benchmark that needs what belongs to the tests, which nothing imports: it runs `tests/bench/<name>.ts` in a process
 * of its own, which tells progress on standard error and its figures, one JSON object, on standard output.
 */
export function benchOfTests(name: string, programs: () => readonly string[]): Bench {
  const script = `tests/bench/${name}.ts`;
  return {
    name,
    programs,
    run: async (say) => {
      const child = spawn(process.execPath, [script], { cwd: PROJECT_ROOT, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      let errors = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => {
        errors = (errors + chunk.toString()).slice(-8000);
        for (const line of chunk.toString().trimEnd().split("\n")) say(line);
      });
      const code = await new Promise<number>((resolve, reject) => {
        child.on("error", reject).on("close", (status) => resolve(status ?? 1));
      });
      if (code !== 0) throw new Error(`${script} ended with ${code}:\n${errors}`);
      return JSON.parse(output) as Figures;
    },
  };
}
