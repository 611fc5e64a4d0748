import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reader } from "../../infra/cli/verify/read.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";
import { countLogs, countSpans, type Outcome, readCounter, sendLoad, type Sent } from "../support/numbered-load.ts";

const LOOPBACK = NETWORKS.loss;
const BATCHES = 100;

describe("numbered telemetry", () => {
  const environment = new LocalEnvironment(LOOPBACK);
  const endpoint = `http://${LOOPBACK}.1:4318`;
  let dispatcher: Agent | undefined;
  const reader = (port: number, host = 1): Reader => ({
    endpoint: `https://${LOOPBACK}.${host}:${port}`,
    dispatcher: dispatcher as Agent,
  });

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

  const heal = async () => {
    const up = await environment.run("up");
    expect(up.code, up.output.slice(-4000)).toBe(0);
  };

  /** Counts until nothing is missing, or two minutes have passed. */
  const settle = async (count: () => Promise<Outcome>): Promise<Outcome> => {
    let outcome = await count();
    for (let attempt = 0; attempt < 24 && outcome.lost > 0; attempt += 1) {
      await sleep(5000);
      outcome = await count();
    }
    return outcome;
  };

  const report = async (title: string, name: string, sent: Sent) => {
    const outcomes = {
      "spans in Tempo": await settle(() => countSpans(reader(3200), "tempo", sent)),
      "spans in Jaeger": await settle(() => countSpans(reader(16686), "jaeger", sent)),
      "records in Loki": await settle(() => countLogs(reader(3100), name, sent)),
    };
    console.log(title);
    console.table(outcomes);
    return outcomes;
  };

  it("is all stored although each gateway is killed in turn (S0-28, S0-29)", async () => {
    const sending = sendLoad({ endpoint, name: "loss-gateways", batches: BATCHES, restMs: 350 });
    await sleep(5000);
    environment.crash("gateway-a");
    const whileDown = await environment.run("verify", "--timeout", "30");
    expect(whileDown.code, `new telemetry must land while one gateway is down\n${whileDown.output}`).toBe(0);
    await heal();
    await sleep(3000);
    environment.crash("gateway-b");
    await sleep(3000);
    await heal();
    const sent = await sending;
    expect(sent.spans).toBeGreaterThanOrEqual(50_000);
    const outcomes = await report("kill -9 of gateway-a, then of gateway-b", "loss-gateways", sent);
    for (const outcome of Object.values(outcomes)) expect(outcome.lost).toBe(0);
    for (const replica of [1, 2]) expect(await readCounter(reader(9090, replica), "loss-gateways")).toBe(sent.counter);
  }, 480_000);

  it("is all stored although Loki is down for a minute, and nobody waits for it", async () => {
    environment.crash("loki");
    const sent = await sendLoad({ endpoint, name: "loss-loki", batches: 20, restMs: 100 });
    const spans = await settle(() => countSpans(reader(3200), "tempo", sent));
    expect(spans.lost, "spans reach Tempo while Loki is down").toBe(0);
    await sleep(60_000);
    await heal();
    const outcomes = await report("Loki down for 60 s", "loss-loki", sent);
    for (const outcome of Object.values(outcomes)) expect(outcome.lost).toBe(0);
  }, 480_000);
});
