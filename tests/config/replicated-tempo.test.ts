import { setTimeout as sleep } from "node:timers/promises";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { NodeTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tempoWorkload } from "../../components/tempo/workload.ts";
import { listeningOf } from "../support/listening.ts";
import { placeSet } from "../unit/backends/replicated-fixture.ts";
import { type Replica, ReplicaSet, tlsFilePathOf, unshareArgs } from "./replicated-set.ts";
import { NETWORKS } from "../support/networks.ts";

const ADDRESSES = [1, 2, 3].map((index) => `${NETWORKS.replicatedTempo}.${index}`);
const RING = "/ingester/ring";
const SPANS = 20;
/** Traces of which some were taken before the kill; what comes after them was taken without the killed one. */
const BEFORE_KILL = 35;
const ID_LENGTH = 32;
const SUCCESS = 0;

type ExportResult = Parameters<Parameters<OTLPTraceExporter["export"]>[1]>[0];

const workload = tempoWorkload({
  placement: placeSet("tempo", { http: 3200, grpc: 3201, otlp: 4317, gossip: 7946 }, 3),
  retention: "14d",
  storage: { kind: "disk" },
});

const canRun = unshareArgs() !== undefined;
if (!canRun) console.log("skipped: three Tempos need names of their own, and this machine gives no mount namespace");

describe.runIf(canRun)("three Tempos behind one name", () => {
  let set: ReplicaSet;
  let first: Replica;
  let second: Replica;
  let third: Replica;
  const exporters = new Map<Replica, OTLPTraceExporter>();
  /** Ids of the traces somebody took whole. */
  const acknowledged: string[] = [];

  /** Sends a trace of its own until one of the copies takes it. */
  async function push(targets: readonly Replica[]): Promise<void> {
    const spans = spansOfTrace();
    let reason = "";
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const target = targets[attempt % targets.length] as Replica;
      const { code, error } = await new Promise<ExportResult>((resolve) =>
        exporters.get(target)?.export(spans, resolve),
      );
      reason = String(error);
      if (code === SUCCESS) {
        acknowledged.push(spans[0]?.spanContext().traceId ?? "");
        return;
      }
      await sleep(500);
    }
    throw new Error(`nobody took a trace: ${reason}\n${targets.map(({ log }) => log.slice(-1500)).join("\n")}`);
  }

  /** Acknowledged traces of which a copy does not give every span. */
  async function incomplete(replica: Replica, ids: readonly string[] = acknowledged): Promise<readonly string[]> {
    const lacking: string[] = [];
    for (const id of ids) {
      const { status, text } = await set.ask(replica, "http", `/api/v2/traces/${id}`);
      const found = new Set([...text.matchAll(/"item-(\d+)"/g)].map(([, item]) => Number(item)));
      if (found.size !== SPANS)
        lacking.push(`${id}: ${found.size} of ${SPANS} spans, status ${status} ${status === 200 ? "" : text}`);
    }
    return lacking;
  }

  beforeAll(async () => {
    set = await ReplicaSet.start(workload, { addresses: ADDRESSES, blocks: "data/traces/blocks" });
    [first, second, third] = set.replicas as [Replica, Replica, Replica];
    await Promise.all(set.replicas.map((replica) => set.joined(replica, RING, 3)));
    identifyAs(first);
    for (const replica of set.replicas) exporters.set(replica, exporterTo(replica));
  }, 150_000);
  afterAll(async () => {
    await Promise.all([...exporters.values()].map((exporter) => exporter.shutdown()));
    await set.stop();
  });

  it("listen where the plan says and nowhere else", () => {
    for (const { address, child } of set.replicas) {
      const planned = Object.values(workload.ports).map(({ port }) => `${address}:${port}`);
      expect([...listeningOf(child.pid ?? 0)].sort()).toEqual(planned.sort());
    }
  });

  it("give back from one what another took", async () => {
    for (let sent = 0; sent < 5; sent += 1) await push([first]);
    for (const replica of [second, third]) expect(await incomplete(replica)).toEqual([]);
  });

  it("lose no acknowledged trace when one is killed, and take more without it", async () => {
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent += 1) await push([first, second]);
    };
    await send(15);
    const sending = send(15);
    await set.kill(first);
    await sending;
    await send(10);
    expect(acknowledged).toHaveLength(45);
    for (const replica of [second, third]) expect(await incomplete(replica)).toEqual([]);
  }, 120_000);

  it("take the killed one back by its name, with all that came while it was away", async () => {
    const { length } = acknowledged;
    set.restart(first);
    await set.joined(first, RING, 3);
    await push([first]);
    const since = acknowledged.slice(BEFORE_KILL);
    expect(since).toHaveLength(length + 1 - BEFORE_KILL);
    for (const replica of set.replicas) expect(await incomplete(replica, since)).toEqual([]);
  }, 150_000);

  // Tempo takes a trace when two of three have it, and answers when two of three have answered. What one of the two lost
  // in its memory is with one copy alone until that has written its block: asking again finds it.
  it("still have every trace of the seconds before the kill", async () => {
    let lacking: readonly string[] = acknowledged;
    for (let attempt = 0; attempt < 60 && lacking.length > 0; attempt += 1) {
      lacking = (await incomplete(first, lacking)).map((text) => text.slice(0, ID_LENGTH));
    }
    expect(lacking).toEqual([]);
  }, 60_000);
});

/** The SDK takes certificates as files that its environment names, when it first sends. */
function identifyAs(replica: Replica): void {
  process.env["OTEL_EXPORTER_OTLP_CERTIFICATE"] = tlsFilePathOf(replica, "ca");
  process.env["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"] = tlsFilePathOf(replica, "cert");
  process.env["OTEL_EXPORTER_OTLP_CLIENT_KEY"] = tlsFilePathOf(replica, "key");
}

function exporterTo({ address }: Replica): OTLPTraceExporter {
  return new OTLPTraceExporter({ url: `https://${address}:${workload.ports["otlp"]?.port ?? 0}`, timeoutMillis: 2000 });
}

function spansOfTrace(): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "numbered" }),
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: (span) => void ended.push(span),
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
    ],
  });
  const tracer = provider.getTracer("numbered");
  const root = tracer.startSpan("item-0");
  const context = trace.setSpan(ROOT_CONTEXT, root);
  for (let item = 1; item < SPANS; item += 1) tracer.startSpan(`item-${item}`, {}, context).end();
  root.end();
  return ended;
}
