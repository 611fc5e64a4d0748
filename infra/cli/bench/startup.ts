import { residentOf } from "../resident.ts";
import { type Bench, round, withFolder } from "./bench.ts";
import { BenchEnvironment } from "./environment.ts";

/** From nothing to the verified table and back, by part, and what it occupies in between. */
export const startup: Bench = {
  name: "startup",
  run: (say) =>
    withFolder(async (folder) => {
      const environment = new BenchEnvironment(folder);
      const timed = async (what: string, command: string) => {
        const seconds = await environment.run(command);
        say(`${what}: ${round(seconds, 1)} s`);
        return round(seconds);
      };
      try {
        const engine = await timed("engine, until every program is ready", "up");
        const verify = await timed("verify", "verify");
        const resident = Object.fromEntries(
          environment.processes().map(({ name, pid }) => [name, round(residentOf(pid), 1)]),
        );
        const unchanged = await timed("up again, unchanged", "up");
        const destroy = await timed("destroy", "destroy");
        return {
          engineSeconds: engine,
          verifySeconds: verify,
          totalSeconds: round(engine + verify),
          unchangedUpSeconds: unchanged,
          destroySeconds: destroy,
          processes: Object.keys(resident).length,
          residentMiB: round(
            Object.values(resident).reduce((sum, part) => sum + part, 0),
            1,
          ),
          residentByPart: resident,
        };
      } finally {
        await environment.destroyIfUp();
      }
    }),
};
