import { setTimeout as sleep } from "node:timers/promises";
import { cpuSecondsOf, residentOf } from "../resident.ts";
import { type Bench, round, withFolder } from "./bench.ts";
import { BenchEnvironment } from "./environment.ts";

const SECONDS = 30;

/** What an agent of a host with eight GPUs costs at rest: scrapes, host metrics and kernel lines, no applications. */
export const agent: Bench = {
  name: "agent",
  run: (say) =>
    withFolder(async (folder) => {
      const environment = new BenchEnvironment(folder);
      try {
        say("bringing a local environment up");
        await environment.run("up");
        const record = environment.processes().find(({ name }) => name === "gpu-1-agent");
        if (record === undefined) throw new Error("gpu-1-agent does not run");
        say(`watching gpu-1-agent for ${SECONDS} s`);
        const before = cpuSecondsOf(record.pid);
        await sleep(SECONDS * 1000);
        const cpu = cpuSecondsOf(record.pid) - before;
        return {
          gpus: 8,
          scrapeSeconds: 5,
          cpuPercentOfOneCore: round((cpu / SECONDS) * 100),
          residentMiB: round(residentOf(record.pid), 1),
        };
      } finally {
        await environment.run("destroy");
      }
    }),
};
