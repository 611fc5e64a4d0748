import { spawn } from "node:child_process";
import { PROJECT_ROOT } from "../folders.ts";
import { kubernetesPrograms } from "../programs.ts";
import type { Bench, Figures } from "./bench.ts";

/**
 * What GPU nodes cost a deployment: staging on a real API server with 10, 100 and 1,000 of them, beside the
 * same objects as bare resources: same engine, same plugin, same policy pack, until the last pod is ready. The cluster belongs to the tests, which nothing imports: it runs in a process of
 * its own.
 */
export const nodes: Bench = {
  name: "nodes",
  programs: kubernetesPrograms,
  run: async (say) => {
    const child = spawn(process.execPath, ["tests/bench/nodes.ts"], {
      cwd: PROJECT_ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
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
    if (code !== 0) throw new Error(`tests/bench/nodes.ts ended with ${code}:\n${errors}`);
    return JSON.parse(output) as Figures;
  },
};
