import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "undici";
import { fetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";

const LOOPBACK = NETWORKS.sampling;
const RATE = 0.2;
const TRACES = 600;
/** Every tenth trace has an error. */
const isFailed = (number: number) => number % 10 === 0;
/** The sampler waits 10 s for a trace to be whole; the rest is export. */
const DECISION_MS = 20_000;

describe("whole-trace sampling over two gateways (S0-30, S0-31)", () => {
  const environment = new LocalEnvironment(LOOPBACK, [`sampling.default=${RATE}`]);
  let dispatcher: Agent | undefined;

  beforeAll(async () => {
    const up = await environment.run("up");
    expect(up.code, up.output.slice(-4000)).toBe(0);
    dispatcher = environment.connect();
  }, 300_000);

  afterAll(async () => {
    await environment.run("destroy");
    await dispatcher?.close();
    environment.removeFolder();
  }, 120_000);

  const read = async (path: string, port: number) => {
    const answer = await fetch(`https://${LOOPBACK}.1:${port}${path}`, {
      dispatcher: dispatcher as Agent,
      headers: { accept: "application/json" },
    });
    return answer.ok ? answer.text() : "";
  };
  const spansOf = async (traceId: string): Promise<number> => {
    const answer = await fetch(`https://${LOOPBACK}.1:3200/api/v2/traces/${traceId}`, {
      dispatcher: dispatcher as Agent,
      headers: { accept: "application/json" },
    });
    // An answer that says neither is no trace that is gone.
    if (!answer.ok && answer.status !== 404) throw new Error(`Tempo answered ${answer.status}: ${await answer.text()}`);
    return answer.ok ? (await answer.text()).split('"spanId"').length - 1 : 0;
  };
  const storedSpans = async (traceIds: readonly string[]) => {
    const counts: number[] = [];
    for (const traceId of traceIds) counts.push(await spansOf(traceId));
    return counts;
  };

  it("keeps a trace whole or not at all, every error, and about the configured share of the rest", async () => {
    const traceIds = await sendSplitTraces(TRACES);
    await sleep(DECISION_MS);
    const counts = [...(await storedSpans(traceIds))];
    // On a busy machine an export may take longer than the rest of the wait: asked again, and told.
    const late = counts.flatMap((count, number) => (count !== 2 && isFailed(number) ? [number] : []));
    for (let left = 30; left > 0 && late.some((number) => counts[number] !== 2); left -= 1) {
      await sleep(1000);
      for (const number of late) counts[number] = await spansOf(traceIds[number] ?? "");
    }
    if (late.length > 0) console.log(`${late.length} error traces were not whole after ${DECISION_MS / 1000} s`);
    expect(
      counts.filter((count) => count !== 0 && count !== 2),
      "half traces",
    ).toEqual([]);
    const failed = counts.filter((_, number) => isFailed(number));
    const others = counts.filter((_, number) => !isFailed(number));
    const share = others.filter((count) => count > 0).length / others.length;
    console.log(
      `errors kept ${failed.filter((count) => count > 0).length} of ${failed.length}; others kept ${(share * 100).toFixed(1)} % at rate ${RATE * 100} %`,
    );
    expect(failed.every((count) => count === 2)).toBe(true);
    // 540 draws at 0.2: five standard deviations are 0.086.
    expect(Math.abs(share - RATE)).toBeLessThan(0.086);
  }, 240_000);

  it("counts every span in the span metrics, sampled away or not (C-03)", async () => {
    await sleep(20_000);
    const query = encodeURIComponent('sum(traces_span_metrics_calls_total{service_name="sampled"})');
    const answer = JSON.parse(await read(`/api/v1/query?query=${query}`, 9090)) as {
      data: { result: { value: [number, string] }[] };
    };
    expect(Number(answer.data.result[0]?.value[1])).toBe(2 * TRACES);
  }, 60_000);

  it("keeps whole traces while a gateway is dead: the other samples its own share, the dead one's waits on disk", async () => {
    environment.crash("gateway-a");
    const traceIds = await sendSplitTraces(200, true);
    await sleep(DECISION_MS);
    const own = traceIds.filter((traceId) => ownerOf(traceId) === "gateway-b");
    expect(
      (await untilWhole(own)).filter((count) => count !== 2),
      "traces of the gateway that lives",
    ).toEqual([]);
    expect((await environment.run("up")).code).toBe(0);
    await sleep(DECISION_MS);
    expect(
      (await untilWhole(traceIds)).filter((count) => count !== 2),
      "traces of either gateway",
    ).toEqual([]);
  }, 240_000);

  it("states what a kill -9 of a sampling gateway costs: its own traces that it holds in memory, nothing else", async () => {
    const all = await sendSplitTraces(300, true);
    await sleep(3000);
    environment.crash("gateway-a");
    expect((await environment.run("up")).code).toBe(0);
    await sleep(DECISION_MS + 10_000);
    const others = all.filter((traceId) => ownerOf(traceId) === "gateway-b");
    const counts = await storedSpans(all);
    const whole = counts.filter((count) => count === 2).length;
    console.log(
      `kill -9 of one of two sampling gateways 3 s after 300 error traces: ${whole} whole, ${counts.filter((count) => count === 1).length} half, ${counts.filter((count) => count === 0).length} lost`,
    );
    expect(
      (await untilWhole(others)).filter((count) => count !== 2),
      "traces of the other gateway",
    ).toEqual([]);
  }, 240_000);

  /** Spans that are stored of each trace, asked again for a minute while some is not whole. */
  const untilWhole = async (traceIds: readonly string[]) => {
    const counts = [...(await storedSpans(traceIds))];
    for (let left = 60; left > 0 && counts.some((count) => count !== 2); left -= 1) {
      await sleep(1000);
      for (const [number, count] of counts.entries())
        if (count !== 2) counts[number] = await spansOf(traceIds[number] ?? "");
    }
    return counts;
  };
});

/** The gateway that decides about a trace: each has half of the last digits. */
function ownerOf(traceId: string): "gateway-a" | "gateway-b" {
  return traceId.slice(28) < "8000" ? "gateway-a" : "gateway-b";
}

/** Traces of two spans, one through each host, so that each trace enters by both gateways. */
async function sendSplitTraces(count: number, allFailed = false): Promise<readonly string[]> {
  const traceIds = Array.from({ length: count }, () => randomBytes(16).toString("hex"));
  for (const host of [1, 2]) {
    const spans = traceIds.map((traceId, number) => ({
      traceId,
      spanId: randomBytes(8).toString("hex"),
      name: `host ${host}`,
      kind: 1,
      startTimeUnixNano: `${Date.now()}000000`,
      endTimeUnixNano: `${Date.now() + 1}000000`,
      status: allFailed || isFailed(number) ? { code: 2 } : {},
    }));
    const resource = {
      attributes: [{ key: "service.name", value: { stringValue: allFailed ? "killed" : "sampled" } }],
    };
    const answer = await fetch(`http://${LOOPBACK}.${host}:4318/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
    });
    if (!answer.ok) throw new Error(`the agent answered ${answer.status}`);
  }
  return traceIds;
}
