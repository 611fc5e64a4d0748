import { spawnSync } from "node:child_process";
import type { Command } from "../command.ts";
import { PROJECT_ROOT } from "../folders.ts";

const STEPS: readonly (readonly [name: string, ...command: string[]])[] = [
  ["types", "tsc", "--project", "."],
  ["rules", "eslint", "."],
  ["format", "prettier", "--check", "--log-level", "warn", "."],
];

export const command: Command = {
  usage: "npm run lint",
  summary: "Checks types, the dependency rule, file and function sizes, and format.",
  run: async () => {
    let worst = 0;
    for (const [name, program, ...args] of STEPS) {
      const { status } = spawnSync(program ?? "", args, { cwd: PROJECT_ROOT, stdio: "inherit" });
      console.log(`${name}: ${status === 0 ? "ok" : "failed"}`);
      worst = Math.max(worst, status ?? 1);
    }
    return worst;
  },
};
