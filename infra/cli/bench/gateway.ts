import { setTimeout as sleep } from "node:timers/promises";
import { cpuSecondsOf } from "../resident.ts";
import { type Bench, type Figures, median, round, withFolder } from "./bench.ts";
import { Collectors } from "./collectors.ts";
import {
  BARE_PORT,
  type GatewayCase,
  HOSTS,
  renderBare,
  renderGateways,
  renderSender,
  renderSink,
  SENDER_PORTS,
  SINK_METRICS,
} from "./gateway-configs.ts";
import { toSpanRequest } from "./spans.ts";

const ROUNDS = 3;
const REQUESTS = 60;
const SPANS_PER_REQUEST = 1024;
const SPANS = REQUESTS * SPANS_PER_REQUEST;
/** Until queues, connectors and garbage collection are done; a sampler first waits for late spans. */
const SETTLE_SECONDS: Readonly<Record<Target, number>> = { bare: 3, unsampled: 4, everything: 15 };

type Target = GatewayCase | "bare";
const TARGETS: readonly Target[] = ["bare", "unsampled", "everything"];

/**
 * CPU of a gateway per span, beside a collector that only takes and hands on, in turn in one run: `everything`
 * samples half of the traces over two gateways (their CPU is added up), `unsampled` is `local` as it is.
 */
export const gateway: Bench = {
  name: "gateway",
  run: (say) =>
    withFolder(async (folder) => {
      const collectors = new Collectors(folder, HOSTS);
      try {
        const pids = await startAll(collectors);
        const costs: Record<Target, number[]> = { bare: [], unsampled: [], everything: [] };
        for (let index = 1; index <= ROUNDS; index += 1) {
          for (const target of TARGETS) {
            const cost = await measure(target, pids[target]);
            costs[target].push(cost);
            say(`round ${index} of ${ROUNDS}, ${target}: ${round(cost, 1)} µs of CPU per span`);
          }
        }
        return toFigures(costs, await countReceived());
      } finally {
        await collectors.stop();
      }
    }),
};

async function startAll(collectors: Collectors): Promise<Readonly<Record<Target, readonly number[]>>> {
  const startCase = async (name: GatewayCase) => {
    const pids: number[] = [];
    for (const [index, { config, listens }] of renderGateways(name).entries()) {
      pids.push(await collectors.start(`${name}-${index}`, config, listens));
    }
    return pids;
  };
  await collectors.start("sink", renderSink(), SINK_METRICS);
  const pids = {
    bare: [await collectors.start("bare", renderBare(), BARE_PORT)],
    unsampled: await startCase("unsampled"),
    everything: await startCase("everything"),
  };
  await collectors.start("sender", renderSender(), SENDER_PORTS.bare);
  return pids;
}

/** CPU time per span in microseconds, for one round. */
async function measure(target: Target, pids: readonly number[]): Promise<number> {
  const { host, port } = SENDER_PORTS[target];
  const bodies = Array.from({ length: REQUESTS }, () => toSpanRequest(SPANS_PER_REQUEST));
  const total = () => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  const before = total();
  const started = performance.now();
  for (const body of bodies) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://${host}:${port}/v1/traces`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`the sender answered ${answer.status}`);
  }
  await sleep(SETTLE_SECONDS[target] * 1000);
  const busy = total() - before;
  const seconds = (performance.now() - started) / 1000;
  return ((busy - (await idleSeconds(total, seconds))) * 1_000_000) / SPANS;
}

const IDLE_SAMPLE_SECONDS = 3;

/** What the same processes would have used without any span, from a look at them at rest. */
async function idleSeconds(total: () => number, seconds: number): Promise<number> {
  const before = total();
  await sleep(IDLE_SAMPLE_SECONDS * 1000);
  return ((total() - before) / IDLE_SAMPLE_SECONDS) * seconds;
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

function toFigures(
  costs: Readonly<Record<Target, readonly number[]>>,
  received: Readonly<Record<string, number>>,
): Figures {
  const [bare, unsampled, everything] = TARGETS.map((target) => median(costs[target])) as [number, number, number];
  return {
    rounds: ROUNDS,
    spansSentToEach: ROUNDS * SPANS,
    spansReceived: received,
    microsecondsPerSpan: { bare: round(bare), unsampled: round(unsampled), everything: round(everything) },
    ratio: round(everything / bare),
    ratioUnsampled: round(unsampled / bare),
  };
}
