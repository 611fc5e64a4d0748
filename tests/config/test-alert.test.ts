import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PEER_NAME } from "../../components/alertmanager/render.ts";
import type { AlertReceiver, NotifiedSeverity } from "../../components/alertmanager/settings.ts";
import { alertmanagerWorkload } from "../../components/alertmanager/workload.ts";
import { PROCESS_PATHS } from "../../components/runtime/workload.ts";
import { type AlertTrial, TEST_ALERT, toTrialText, tryAlert } from "../../infra/cli/test-alert.ts";
import { NETWORKS } from "../support/networks.ts";
import { program } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";
import { receiveWebhooks, type WebhookReceiver } from "../support/webhook-receiver.ts";

const HOST = `${NETWORKS.testAlert}.1`;
const PORTS = { http: 9093, cluster: 9094 };
const RECEIVERS: readonly AlertReceiver[] = [
  { kind: "webhook", name: "hook", secret: "hookUrl" },
  { kind: "slack", name: "chat", channel: "#gpu", secret: "slackUrl" },
  { kind: "webhook", name: "of-team", secret: "teamUrl" },
];

describe("a test alert, through a real Alertmanager", () => {
  let webhooks: WebhookReceiver;
  let broken: Server;
  let at: Relocated;
  let child: ChildProcess;
  let dispatcher: Agent;
  const trial = (severity: NotifiedSeverity, team?: string): AlertTrial => ({
    environment: "local",
    severity,
    team,
    replicas: { "alertmanager-a": `https://${HOST}:${PORTS.http}` },
    dispatcher,
    receivers: RECEIVERS,
    timeoutSeconds: 60,
  });
  const heardOf = (service: string) =>
    webhooks.notifications.filter(({ alerts }) => alerts.some(({ labels }) => labels["service_name"] === service));

  beforeAll(async () => {
    webhooks = await receiveWebhooks();
    broken = createServer((request, response) => request.resume().on("end", () => response.writeHead(400).end("no")));
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
    const soon = { groupWait: "1s", groupInterval: "10s", repeatInterval: "1h" } as const;
    const workload = alertmanagerWorkload({
      placement: {
        name: "alertmanager-a",
        bind: HOST,
        dial: HOST,
        ports: PORTS,
        paths: PROCESS_PATHS,
        certificateNames: [HOST],
        memoryMiB: 128,
      },
      peers: [],
      receivers: RECEIVERS,
      severities: { critical: ["hook"], warning: ["hook", "chat"] },
      teams: { gpu: ["of-team"] },
      intervals: { critical: soon, warning: soon, info: soon },
    });
    at = await relocate(workload, HOST);
    const secret = (name: string, url: string) => writeFileSync(join(at.folder, "secrets", name), url);
    secret("hookUrl", `${webhooks.url}/hook`);
    secret("teamUrl", `${webhooks.url}/team`);
    secret("slackUrl", `http://127.0.0.1:${(broken.address() as AddressInfo).port}/slack`);
    child = spawn(program("alertmanager"), at.args, { cwd: at.folder, stdio: "ignore" });
    const [ca = "", cert = "", key = ""] = ["ca", "cert", "key"].map((name) =>
      readFileSync(join(at.folder, "tls", `${name}.pem`), "utf8"),
    );
    dispatcher = new Agent({ connect: { ca, cert, key, servername: PEER_NAME } });
    for (let attempt = 0; attempt < 150; attempt += 1) {
      const answer = await fetch(`https://${HOST}:${PORTS.http}/-/ready`, { dispatcher }).catch(() => undefined);
      if (answer?.ok === true) return;
      await sleep(200);
    }
    throw new Error("the Alertmanager is not ready");
  });
  afterAll(async () => {
    await dispatcher.close();
    child.kill("SIGKILL");
    await new Promise((resolve) => broken.close(resolve));
    await webhooks.close();
    at.remove();
  });

  it("comes to the receiver of its severity, marked as a test, and ends by itself", async () => {
    const report = await tryAlert(trial("critical"));
    expect(report.told).toMatchObject([{ receiver: "hook", kind: "webhook", outcome: "taken" }]);
    const [heard] = heardOf(report.service);
    expect(heard?.alerts[0]).toMatchObject({
      labels: { alertname: TEST_ALERT, environment: "local", severity: "critical" },
      annotations: { summary: "A test: nothing is wrong" },
    });
    const minutes = (Date.parse(report.endsAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(3);
    expect(minutes).toBeLessThanOrEqual(5);
  });

  it("comes again when it is tried again at once", async () => {
    const [first, second] = [await tryAlert(trial("critical")), await tryAlert(trial("critical"))];
    expect(second.told).toMatchObject([{ receiver: "hook", outcome: "taken" }]);
    expect([heardOf(first.service).length, heardOf(second.service).length]).toEqual([1, 1]);
  });

  it("says which receiver does not take it", async () => {
    const given = trial("warning");
    const report = await tryAlert(given);
    const outcomes = Object.fromEntries(report.told.map(({ receiver, outcome }) => [receiver, outcome]));
    expect(outcomes).toEqual({ hook: "taken", chat: "failed" });
    expect(toTrialText(given, report)).toMatch(/\n {2}chat +slack +FAILED: .*restart\.md/);
  });

  it("counts each receiver of one kind, a team's too", async () => {
    const report = await tryAlert(trial("critical", "gpu"));
    expect(report.told.map(({ receiver, outcome }) => [receiver, outcome])).toEqual([
      ["hook", "taken"],
      ["of-team", "taken"],
    ]);
    expect(heardOf(report.service).map(({ path }) => path)).toEqual(expect.arrayContaining(["/hook", "/team"]));
  });

  it("says when nobody is told, and how to change that", async () => {
    const given = trial("info");
    const report = await tryAlert(given);
    expect(report.told).toEqual([]);
    expect(toTrialText(given, report)).toMatch(/no receiver is told of info alerts: .*alertmanager\.severities\.info/);
  });
});
