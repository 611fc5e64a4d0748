import { residentOf } from "../resident.ts";
import { type Bench, round, withFolder } from "./bench.ts";
import { BenchEnvironment } from "./environment.ts";

/** From nothing to the verified table, by part, and what it then occupies. */
export const startup: Bench = {
  name: "startup",
  run: (say) =>
    withFolder(async (folder) => {
      const environment = new BenchEnvironment(folder);
      try {
        say("bringing a local environment up");
        const up = await environment.run("up");
        const verify = await environment.run("verify");
        const resident = Object.fromEntries(
          environment.processes().map(({ name, pid }) => [name, round(residentOf(pid), 1)]),
        );
        say("the same again, unchanged");
        const again = await environment.run("up");
        const total = Object.values(resident).reduce((sum, part) => sum + part, 0);
        return {
          upSeconds: round(up),
          verifySeconds: round(verify),
          unchangedUpSeconds: round(again),
          residentMiB: round(total, 1),
          residentByPart: resident,
        };
      } finally {
        await environment.run("destroy");
      }
    }),
};
