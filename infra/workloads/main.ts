import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Round, type SampleName, SAMPLES } from "./samples.ts";
import { Sdk } from "./sdk.ts";

const PAUSE_MILLISECONDS = 1000;

// Runs one path of every sample against an agent, or with `--seconds N` one a second for that long. Each round that
// the agent took in full is one line of JSON: the trace of each sample and the metrics sent. Exit code 1 if one was not.
const { values } = parseArgs({ options: { seconds: { type: "string", default: "0" } } });
const seconds = Number(values.seconds);
if (!(seconds >= 0)) throw new Error(`--seconds: expected a number of seconds, got ${values.seconds}`);

const sdk = new Sdk(process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "http://localhost:4317");
const deadline = Date.now() + seconds * 1000;
for (;;) {
  const traceIds: Partial<Record<SampleName, string>> = {};
  for (const [name, { run }] of Object.entries(SAMPLES)) traceIds[name as SampleName] = await run(sdk);
  const { metrics, failures } = await sdk.flush();
  if (failures.length === 0) console.log(JSON.stringify({ traceIds, metrics } as Round));
  else report(failures);
  if (Date.now() + PAUSE_MILLISECONDS > deadline) break;
  await sleep(PAUSE_MILLISECONDS);
}
report(await sdk.close());

function report(failures: readonly string[]): void {
  for (const failure of failures) console.error(`export failed: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}
