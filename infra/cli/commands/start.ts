import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { Environment } from "../../environment/schema.ts";
import { ensureToolchain } from "../../toolchain/toolchain.ts";
import { localPrograms } from "../programs.ts";
import { residentMiB } from "../resident.ts";
import { up } from "../up.ts";
import { readAddresses } from "./status.ts";
import { runVerify } from "./verify.ts";

export const command: Command = {
  usage: "npm start [-- --set path=value]...",
  summary:
    "Everything on this machine: obtains the programs, brings `local` up, verifies that every signal lands in every\n" +
    "backend, and prints the addresses to open. Again: changes nothing and verifies.",
  run: async (args) => {
    const environment = parseEnvironment(["local", ...args]);
    await ensureToolchain(localPrograms());
    const times: Record<string, number> = {};
    const timed = async (step: string, run: () => Promise<number>): Promise<number> => {
      const started = performance.now();
      const code = await run();
      times[step] = (performance.now() - started) / 1000;
      return code;
    };
    const code = await timed("engine, until every program is ready", () => up(environment));
    if (code !== 0) return code;
    console.log("");
    const verified = await timed("verify", () => runVerify(environment, { json: false, timeout: 60 }));
    console.log("");
    for (const [step, seconds] of Object.entries(times)) console.log(`${step}: ${seconds.toFixed(1)} s`);
    console.log(`resident memory of the platform: ${residentMiB(environment.name).toFixed(0)} MiB\n`);
    console.log(whereToLook(environment));
    return verified;
  },
};

/** Where applications send, what a person opens, and how to end it all. */
function whereToLook(environment: Environment): string {
  const first = `${environment.network.loopback}.1`;
  return [
    "Send OTLP to",
    `  http://${first}:4318 (HTTP) or ${first}:4317 (gRPC), as applications on the host gpu-1 do`,
    readAddresses(environment),
    "Stop and remove it all",
    "  npm run destroy -- local",
  ].join("\n");
}
