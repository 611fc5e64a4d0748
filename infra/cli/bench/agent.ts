import { setTimeout as sleep } from "node:timers/promises";
import { readEnvironment } from "../../environment/load.ts";
import { PROJECT_ROOT } from "../folders.ts";
import { cpuSecondsOf, residentOf } from "../resident.ts";
import { type Bench, round, withFolder } from "./bench.ts";
import { BenchEnvironment } from "./environment.ts";

const SECONDS = 30;

/** What an agent costs without applications: scrapes of simulated GPUs and of the host, and kernel lines. */
export const agent: Bench = {
  name: "agent",
  run: (say) =>
    withFolder(async (folder) => {
      const environment = new BenchEnvironment(folder);
      const { hosts, metrics } = readEnvironment(PROJECT_ROOT, "local");
      const [host] = hosts;
      if (host === undefined) throw new Error("local has no host");
      try {
        say("bringing a local environment up");
        await environment.run("up");
        const record = environment.processes().find(({ name }) => name === `${host.name}-agent`);
        if (record === undefined) throw new Error(`the agent of ${host.name} does not run`);
        say(`watching ${record.name} for ${SECONDS} s`);
        const before = cpuSecondsOf(record.pid);
        await sleep(SECONDS * 1000);
        const cpu = cpuSecondsOf(record.pid) - before;
        return {
          gpus: host.gpus,
          scrapeInterval: metrics.scrapeInterval,
          watchedSeconds: SECONDS,
          cpuSecondsPerMinute: round((cpu / SECONDS) * 60),
          cpuPercentOfOneCore: round((cpu / SECONDS) * 100),
          residentMiB: round(residentOf(record.pid), 1),
        };
      } finally {
        await environment.destroyIfUp();
      }
    }),
};
