import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Round, type Sample, SAMPLE_NAMES, type SampleName, SAMPLES } from "../workloads/samples.ts";
import { PROJECT_ROOT } from "./folders.ts";
import type { Check } from "./verify/checks.ts";
import type { VerifyAgent, VerifyBackend, VerifyPlan } from "./verify/plan.ts";
import { findLine, findSeries, findTrace, type Missing, type Reader } from "./verify/read.ts";
import { type Cell, poll } from "./verify/verify.ts";

/** How long the samples run, in seconds. */
export const SAMPLE_SECONDS = 10;

/** What an agent was sent. */
interface Sent {
  readonly agent: string;
  readonly rounds: readonly Round[];
  readonly failures: string;
}

/** What the samples sent, and what of it was found where. */
export interface SampleReport {
  readonly sent: readonly Sent[];
  /** Endpoints of the backends that were asked, by name. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Cells by sample; `agent` is the sample's name. */
  readonly cells: readonly Cell[];
}

/** Runs the samples on every host whose agent this machine reaches, then reads each signal back from its backends. */
export async function runSamples(
  plan: VerifyPlan,
  readerOf: (backend: VerifyBackend) => Reader,
  timeoutSeconds: number,
): Promise<SampleReport> {
  const startedAt = Math.floor(Date.now() / 1000);
  const sent = await Promise.all(plan.agents.map(send));
  const finished = performance.now();
  const rounds = sent.flatMap((one) => one.rounds);
  const checks = SAMPLE_NAMES.flatMap((name) => planChecks(name, rounds, startedAt, plan.backends, readerOf));
  const cells = await Promise.all(checks.map((check) => poll(check, finished, timeoutSeconds)));
  const asked = plan.backends.filter(({ name }) => cells.some(({ backend }) => backend === name));
  return { sent, endpoints: Object.fromEntries(asked.map(({ name, endpoint }) => [name, endpoint])), cells };
}

/** A process of its own on each host, as applications are. */
async function send({ name: agent, otlpGrpc }: VerifyAgent): Promise<Sent> {
  const main = join(PROJECT_ROOT, "infra", "workloads", "main.ts");
  const child = spawn(process.execPath, [main, "--seconds", String(SAMPLE_SECONDS)], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: otlpGrpc },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, failures] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (failures += chunk.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  const lines = output.split("\n").filter((line) => line !== "");
  return { agent, rounds: lines.map((line) => JSON.parse(line) as Round), failures: failures.trim() };
}

/** What to find of a sample: in every Prometheus a new sample, in each store of traces and logs one of its traces. */
function planChecks(
  name: SampleName,
  rounds: readonly Round[],
  startedAt: number,
  backends: readonly VerifyBackend[],
  readerOf: (backend: VerifyBackend) => Reader,
): readonly Check[] {
  const sample: Sample = SAMPLES[name];
  // The last first: where traces are sampled, an earlier one may have been kept.
  const traceIds = rounds.map(({ traceIds }) => traceIds[name]).toReversed();
  return backends.flatMap((backend) => {
    const reader = readerOf(backend);
    const check = (signal: string, look: () => Promise<Missing>): readonly Check[] => [
      { signal, backend: backend.name, agent: name, look, needs: [] },
    ];
    switch (backend.kind) {
      case "prometheus":
        return check("metric", () => findSeries(reader, `timestamp(${sample.metric}) >= ${startedAt}`));
      case "tempo":
      case "jaeger":
        return check("trace", () => findAny(traceIds, (id) => findTrace(reader, backend.kind as "tempo", id)));
      case "loki":
        if (sample.logs === undefined) return [];
        return check("log", () =>
          findAny(traceIds, (id) => findLine(reader, `${toLogQuery(sample)} | trace_id="${id}"`)),
        );
      default:
        return [];
    }
  });
}

async function findAny(ids: readonly string[], find: (id: string) => Promise<Missing>): Promise<Missing> {
  let missing: Missing = "nothing was sent";
  for (const id of ids) {
    missing = await find(id);
    if (missing === undefined) return undefined;
  }
  return missing;
}

function toLogQuery({ logs = "" }: Sample): string {
  return `{service_name="${logs}"}`;
}

/** Languages of the queries, by signal. */
const LANGUAGES: Readonly<Record<string, string>> = { trace: "TraceQL", metric: "PromQL", log: "LogQL" };

/** Queries that find what a sample sends, by signal. */
function queriesOf(sample: Sample): Readonly<Record<string, string>> {
  return {
    trace: `{ resource.service.name = "${sample.service}" }`,
    metric: sample.metric,
    ...(sample.logs === undefined ? {} : { log: toLogQuery(sample) }),
  };
}

/** Whether everything that was sent is where it should be. */
export function isComplete({ sent, cells }: SampleReport): boolean {
  const isSent = sent.length > 0 && sent.every(({ rounds, failures }) => rounds.length > 0 && failures === "");
  return isSent && cells.every(({ status }) => status === "landed");
}

/** What each sample sends, a query a signal, and the backends that hold it. */
export function toSampleText({ sent, endpoints, cells }: SampleReport): string {
  return [
    `sample workloads, for ${SAMPLE_SECONDS} s`,
    ...sent.map(({ agent, rounds }) => `  ${agent} took ${rounds.length} rounds`),
    ...sent.flatMap(({ agent, failures }) => (failures === "" ? [] : [`  ${agent}: ${failures}`])),
    ...SAMPLE_NAMES.flatMap((name) => toSampleLines(name, cells)),
    `asked with the operator's certificate: ${Object.entries(endpoints)
      .map(([name, endpoint]) => `${name} ${endpoint}`)
      .join(", ")}`,
  ].join("\n");
}

function toSampleLines(name: SampleName, cells: readonly Cell[]): readonly string[] {
  const queries = Object.entries(queriesOf(SAMPLES[name]));
  return [
    `  ${name}: ${SAMPLES[name].sends}`,
    ...queries.flatMap(([signal, query]) => [
      `    ${signal.padEnd(6)}  ${(LANGUAGES[signal] ?? "").padEnd(7)}  ${query}`,
      `             ${toFound(cells.filter((cell) => cell.agent === name && cell.signal === signal))}`,
    ]),
  ];
}

function toFound(cells: readonly Cell[]): string {
  const found = cells.filter(({ status }) => status === "landed").map(({ backend }) => backend);
  const missing = cells
    .filter(({ status }) => status !== "landed")
    .map(({ backend, reason }) => `MISSING in ${backend}: ${reason}`);
  return [...(found.length === 0 ? [] : [`read back from ${found.join(", ")}`]), ...missing].join("; ");
}
