import { readFileSync } from "node:fs";
import { hostname as machineName } from "node:os";
import { parseArgs } from "node:util";
import { ConfigError } from "../../core/errors.ts";
import { parseCounters } from "./counters-file.ts";
import { KERNEL_LOG_FORMATS, toKernelLine } from "./kernel-line.ts";
import { KernelLog } from "./kernel-log.ts";
import { parseScenario } from "./scenario.ts";
import { createSimulatorServer } from "./server.ts";
import { Simulation } from "./simulation.ts";

/** A program of its own: a GPU host without a GPU. */
const USAGE = `usage: dcgm-simulator --counters FILE --scenario FILE [--listen HOST:PORT] [--hostname NAME]
  [--kern-log FILE] [--kern-log-format ${KERNEL_LOG_FORMATS.join("|")}] [--kern-log-cap-mib MIB] [--interval-ms MS]`;

try {
  main();
} catch (error) {
  const known = error instanceof ConfigError || (error as NodeJS.ErrnoException).code !== undefined;
  console.error(known ? (error as Error).message : error);
  process.exit(2);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      listen: { type: "string", default: "127.0.0.1:9400" },
      scenario: { type: "string" },
      counters: { type: "string" },
      hostname: { type: "string", default: machineName() },
      "kern-log": { type: "string" },
      "kern-log-format": { type: "string", default: "traditional" },
      "kern-log-cap-mib": { type: "string", default: "4" },
      "interval-ms": { type: "string", default: "15000" },
    },
  });
  const { hostname, scenario: scenarioFile, counters: countersFile } = values;
  const format = KERNEL_LOG_FORMATS.find((name) => name === values["kern-log-format"]);
  const capBytes = Number(values["kern-log-cap-mib"]) * 1_048_576;
  const sampleMs = Number(values["interval-ms"]);
  const address = /^(.+):(\d+)$/.exec(values.listen);
  const understood = format !== undefined && capBytes > 0 && sampleMs >= 1000 && address !== null;
  if (!understood || scenarioFile === undefined || countersFile === undefined) {
    console.error(USAGE);
    process.exit(2);
  }
  const rows = parseCounters(readFileSync(countersFile, "utf8"), countersFile);
  const scenario = parseScenario(readFileSync(scenarioFile, "utf8"), scenarioFile);
  const file = values["kern-log"];
  const log = file === undefined ? undefined : new KernelLog(file, capBytes);
  const simulation = new Simulation({
    hostname,
    scenario,
    startMs: Date.now(),
    sampleMs,
    print: (message) => log?.append(toKernelLine(message, hostname, format)),
  });
  const server = createSimulatorServer(simulation, rows, Date.now);
  server.on("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
  server.listen(Number(address[2]), address[1], () =>
    console.log(
      `${new Date().toISOString()} serving ${scenario.gpus} GPUs of ${hostname} on http://${values.listen}/metrics`,
    ),
  );
  // Events happen and reach the kernel log whether or not anyone scrapes.
  setInterval(() => simulation.advance(Date.now()), 1000);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));
}
