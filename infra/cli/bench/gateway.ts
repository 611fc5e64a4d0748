import { setTimeout as sleep } from "node:timers/promises";
import { cpuSecondsOf, peakResidentOf } from "../resident.ts";
import { type Bench, type Figures, median, round, withFolder } from "./bench.ts";
import { Collectors } from "./collectors.ts";
import { renderComparison } from "./comparisons.ts";
import { profileCpu, type Shares, sharesOf } from "./cpu-shares.ts";
import { type BenchGateway, renderGateways, renderSender, renderSink } from "./gateway-configs.ts";
import {
  CASES,
  COMPARISONS,
  type GatewayCase,
  HOSTS,
  senderOf,
  SINK_METRICS,
  type Target,
  TARGETS,
} from "./gateway-targets.ts";
import { toSpanRequest } from "./spans.ts";

const ROUNDS = 3;
const REQUESTS = 60;
const SPANS_PER_REQUEST = 1024;
const SPANS = REQUESTS * SPANS_PER_REQUEST;
/** Until queues, connectors and garbage collection are done; a sampler first waits for late spans. */
const SETTLE_SECONDS: Readonly<Partial<Record<Target, number>>> & { readonly usual: number } = {
  usual: 4,
  everything: 15,
};

type PerTarget<T> = Readonly<Record<Target, T>>;
/** Process numbers of what stands for a target. */
type Pids = PerTarget<readonly number[]>;
type Gateways = Readonly<Record<GatewayCase, readonly BenchGateway[]>>;

/**
 * CPU of a gateway per span, beside collectors that do less, in turn in one run: `everything` samples half of the traces
 * over two gateways (their CPU is added up), `unsampled` is `local` as it is. Then one more load of each, profiled.
 */
export const gateway: Bench = {
  name: "gateway",
  run: (say) =>
    withFolder(async (folder) => {
      const collectors = new Collectors(folder, HOSTS);
      const gateways = { unsampled: renderGateways("unsampled"), everything: renderGateways("everything") };
      try {
        const pids = await startAll(collectors, gateways);
        const costs = Object.fromEntries(TARGETS.map((target) => [target, [] as number[]])) as PerTarget<number[]>;
        for (let index = 1; index <= ROUNDS; index += 1) {
          for (const target of TARGETS) {
            const cost = await measure(target, pids[target]);
            costs[target].push(cost);
            say(`round ${index} of ${ROUNDS}, ${target}: ${round(cost, 1)} µs of CPU per span`);
          }
        }
        const received = await countReceived();
        const peaks = Object.fromEntries(
          CASES.flatMap((name) => pids[name].map((pid, index) => [`${name}-${index}`, round(peakResidentOf(pid), 0)])),
        );
        const shares: (readonly [string, Shares])[] = [];
        for (const name of CASES) {
          say(`${name}: where its CPU goes`);
          shares.push([`percentOf${capital(name)}`, (await profile(name, gateways[name], folder)) ?? {}]);
        }
        return { ...toFigures(costs), spansReceived: received, peakResidentMiB: peaks, ...Object.fromEntries(shares) };
      } finally {
        await collectors.stop();
      }
    }),
};

async function startAll(collectors: Collectors, gateways: Gateways): Promise<Pids> {
  const startEach = async (each: Parameters<Collectors["start"]>[0][]) => {
    const pids: number[] = [];
    for (const one of each) pids.push(await collectors.start(one));
    return pids;
  };
  await collectors.start({ name: "sink", config: renderSink(), listens: SINK_METRICS, env: {} });
  const pids: Partial<Record<Target, readonly number[]>> = {};
  for (const name of COMPARISONS) pids[name] = await startEach([...renderComparison(name)]);
  for (const name of CASES) pids[name] = await startEach([...gateways[name]]);
  await collectors.start({ name: "sender", config: renderSender(), listens: senderOf("bare"), env: {} });
  return pids as Pids;
}

/** CPU time per span in microseconds, for one round. */
async function measure(target: Target, pids: readonly number[]): Promise<number> {
  const total = () => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  const before = total();
  const started = performance.now();
  await send(target);
  await sleep(settleSeconds(target) * 1000);
  const busy = total() - before;
  const seconds = (performance.now() - started) / 1000;
  return ((busy - (await idleSeconds(total, seconds))) * 1_000_000) / SPANS;
}

async function send(target: Target): Promise<void> {
  const { host, port } = senderOf(target);
  const bodies = Array.from({ length: REQUESTS }, () => toSpanRequest(SPANS_PER_REQUEST));
  for (const body of bodies) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://${host}:${port}/v1/traces`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`the sender answered ${answer.status}`);
  }
}

function settleSeconds(target: Target): number {
  return SETTLE_SECONDS[target] ?? SETTLE_SECONDS.usual;
}

const IDLE_SAMPLE_SECONDS = 3;

/** What the same processes would have used without any span, from a look at them at rest. */
async function idleSeconds(total: () => number, seconds: number): Promise<number> {
  const before = total();
  await sleep(IDLE_SAMPLE_SECONDS * 1000);
  return ((total() - before) / IDLE_SAMPLE_SECONDS) * seconds;
}

/** One more load of a case while its gateways profile themselves. */
async function profile(
  name: GatewayCase,
  gateways: readonly BenchGateway[],
  folder: string,
): Promise<Shares | undefined> {
  const ports = gateways.map(({ profiles }) => profiles);
  const profiling = profileCpu(ports, settleSeconds(name) + 6, folder);
  await send(name);
  return sharesOf(await profiling);
}

/** Spans the sink took, by the receiver that stands for a backend. */
async function countReceived(): Promise<Readonly<Record<string, number>>> {
  const { host, port } = SINK_METRICS;
  const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [, receiver, count] =
        /^otelcol_receiver_accepted_spans\{.*receiver="otlp\/([^"]+)".*\} (\S+)$/.exec(line) ?? [];
      return receiver === undefined ? [] : [[receiver, Number(count)]];
    }),
  );
}

/** `ratio...` is the case with everything on, `ratioUnsampled...` the one without a sampler. */
function toFigures(costs: PerTarget<readonly number[]>): Figures {
  const cost = (target: Target) => median(costs[target]);
  const ratio = (target: GatewayCase, to: Target) => round(cost(target) / cost(to));
  return {
    rounds: ROUNDS,
    spansSentToEach: ROUNDS * SPANS,
    microsecondsPerSpan: Object.fromEntries(TARGETS.map((target) => [target, round(cost(target))])),
    ratio: ratio("everything", "bare"),
    ratioUnsampled: ratio("unsampled", "bare"),
    ratioSameCompression: ratio("everything", "bareSnappy"),
    ratioUnsampledSameCompression: ratio("unsampled", "bareSnappy"),
    ratioSameHops: ratio("everything", "durablePair"),
    ratioUnsampledSameHops: ratio("unsampled", "durable"),
    ratioSameHopsTuned: ratio("everything", "durablePairTuned"),
    ratioUnsampledSameHopsTuned: ratio("unsampled", "durableTuned"),
  };
}

function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
