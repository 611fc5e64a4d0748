import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { Environment } from "../../environment/schema.ts";
import { ensureToolchain } from "../../toolchain/toolchain.ts";
import { localPrograms } from "../programs.ts";
import { residentMiB } from "../resident.ts";
import { up } from "../up.ts";
import { readAddresses } from "./status.ts";
import { askBackends, runVerify } from "./verify.ts";

const WITH_WORKLOADS = "--with-workloads";
/** How long a signal may take to land, in seconds. */
const TIMEOUT_SECONDS = 60;

export const command: Command = {
  usage: "npm start [-- --with-workloads] [--set path=value]...",
  summary:
    "Everything on this machine: obtains the programs, brings `local` up, verifies that every signal lands in every\n" +
    "backend, and prints the addresses to open. Again: changes nothing and verifies.\n" +
    "--with-workloads then runs the sample applications on every host for ten seconds, reads back what they sent, and\n" +
    "prints a query for each signal.",
  run: async (args) => {
    const environment = parseEnvironment(["local", ...args], [WITH_WORKLOADS]);
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
    const verified = await timed("verify", () => runVerify(environment, { json: false, timeout: TIMEOUT_SECONDS }));
    console.log("");
    const sampled = args.includes(WITH_WORKLOADS) ? await timed("workloads", () => withWorkloads(environment)) : 0;
    for (const [step, seconds] of Object.entries(times)) console.log(`${step}: ${seconds.toFixed(1)} s`);
    console.log(`resident memory of the platform: ${residentMiB(environment.name).toFixed(0)} MiB\n`);
    console.log(whereToLook(environment));
    return Math.max(verified, sampled);
  },
};

/** Sample applications on every host, and what they sent read back. */
async function withWorkloads(environment: Environment): Promise<number> {
  const { isComplete, runSamples, toSampleText } = await import("../run-samples.ts");
  const report = await askBackends(environment, (plan, readerOf) => runSamples(plan, readerOf, TIMEOUT_SECONDS));
  console.log(`${toSampleText(report)}\n`);
  return isComplete(report) ? 0 : 1;
}

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
