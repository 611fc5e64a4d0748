import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reader } from "../../infra/cli/verify/read.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";
import { countLogs, countSpans, type Outcome, sendLoad, type Sent } from "../support/numbered-load.ts";
import { Backends } from "../support/query.ts";
import { PREVIOUS_COMMIT, PreviousVersion, previousVersionObstacle } from "../support/previous-version.ts";

const LOOPBACK = NETWORKS.upgrade;
const NAME = "before-the-upgrade";

const obstacle = previousVersionObstacle();
if (obstacle !== undefined) console.log(`skipped: an upgrade of the previous version: ${obstacle}`);

describe.skipIf(obstacle !== undefined)(`local, upgraded from ${PREVIOUS_COMMIT.slice(0, 7)} and back`, () => {
  let previous: PreviousVersion;
  let environment: LocalEnvironment;
  let sent: Sent;
  let credentials: readonly string[];

  const before = (command: string) =>
    previous.run({ stack: "local", stateHome: environment.stateHome, set: [`network.loopback=${LOOPBACK}`] }, command);
  const readCredentials = () =>
    ["secrets/otlp-token", "tls/ca.pem"].map((file) =>
      readFileSync(join(environment.workloadFolder("gateway-a"), file), "utf8"),
    );

  beforeAll(async () => {
    previous = new PreviousVersion();
    environment = new LocalEnvironment(LOOPBACK);
    const { code, output } = await before("up");
    expect(code, output.slice(-4000)).toBe(0);
    sent = await sendLoad({ endpoint: `http://${LOOPBACK}.1:4318`, name: NAME, batches: 10, restMs: 100 });
    credentials = readCredentials();
  }, 300_000);

  afterAll(async () => {
    await environment?.run("destroy");
    environment?.removeFolder();
    previous?.removeFolder();
  }, 120_000);

  /** Asks until nothing is missing, or two minutes have passed. */
  const settle = async (count: () => Promise<Outcome>): Promise<Outcome> => {
    const deadline = Date.now() + 120_000;
    let outcome = await count();
    while (outcome.lost > 0 && Date.now() < deadline) {
      await sleep(2_000);
      outcome = await count();
    }
    return outcome;
  };

  const expectAllStored = async () => {
    const dispatcher: Agent = environment.connect();
    const reader = (port: number): Reader => ({ endpoint: `https://${LOOPBACK}.1:${port}`, dispatcher });
    const outcomes = {
      tempo: await settle(() => countSpans(reader(3200), "tempo", sent)),
      jaeger: await settle(() => countSpans(reader(16686), "jaeger", sent)),
      loki: await settle(() => countLogs(reader(3100), NAME, sent)),
    };
    // An instant query sees five minutes, and the counter stopped before.
    const query = `max(last_over_time(loss_items_total{service_name="${NAME}"}[1h]))`;
    const [counter] = await new Backends(LOOPBACK, dispatcher).prometheus(query);
    await dispatcher.close();
    console.log(JSON.stringify({ ...outcomes, counter: counter?.value }));
    for (const [backend, { lost }] of Object.entries(outcomes)) expect(lost, backend).toBe(0);
    expect(counter?.value).toBe(sent.counter);
  };

  it("has what was sent before the upgrade, by the certificates and tokens it had", async () => {
    const { code, output, seconds } = await environment.run("up");
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`local upgraded in ${seconds.toFixed(1)} s`);
    expect(readCredentials()).toEqual(credentials);
    await expectAllStored();
  }, 500_000);

  it("has it still when rolled back", async () => {
    const { code, output, seconds } = await before("up");
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`local rolled back in ${seconds.toFixed(1)} s`);
    expect(readCredentials()).toEqual(credentials);
    await expectAllStored();
  }, 500_000);
});
