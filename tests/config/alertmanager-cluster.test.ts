import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AlertmanagerSettings } from "../../components/alertmanager/settings.ts";
import { alertmanagerWorkload } from "../../components/alertmanager/workload.ts";
import { PROCESS_PATHS } from "../../components/runtime/workload.ts";
import { NETWORKS } from "../support/networks.ts";
import { program } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";
import { receiveWebhooks, type WebhookReceiver } from "../support/webhook-receiver.ts";

const HOST = `${NETWORKS.alertmanagers}.1`;
/** How long the second Alertmanager leaves the first alone with a notification; 15 s by default. */
const PEER_TIMEOUT_SECONDS = 2;

interface Replica {
  readonly at: Relocated;
  readonly port: number;
  readonly child: ChildProcess;
  readonly log: () => string;
}

const LABELS = { environment: "local", severity: "critical", area: "gpu" };
const XID = { ...LABELS, alertname: "GpuXidCritical", host_name: "gpu-1", gpu: "3", xid: "79", hpc_job: "4711" };
const XID_TOO = { ...XID, alertname: "GpuXidWarning", severity: "warning", xid: "13" };
const OTHER_GPU = { ...XID_TOO, gpu: "5" };
const HOST_SILENT = { ...LABELS, alertname: "HostSilent", host_name: "gpu-2" };
const ON_IT = { ...LABELS, alertname: "GpuTooHot", severity: "warning", host_name: "gpu-2", gpu: "0" };
const WATCHDOG = { alertname: "Watchdog", environment: "local", severity: "info", area: "telemetry" };
const INFO = { ...XID, alertname: "GpuXidInfo", severity: "info", gpu: "6" };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function settings(name: string, http: number, cluster: number, peer: number): AlertmanagerSettings {
  return {
    placement: {
      name,
      bind: HOST,
      dial: HOST,
      ports: { http, cluster },
      paths: PROCESS_PATHS,
      certificateNames: [HOST],
      memoryMiB: 128,
    },
    peers: [{ host: HOST, port: peer }],
    receivers: [{ kind: "webhook", name: "hook", secret: "hookUrl" }],
    intervals: {
      critical: { groupWait: "1s", groupInterval: "10s" },
      warning: { groupWait: "1s", groupInterval: "10s" },
    },
    deadManSwitch: { secret: "switchUrl", every: "5m" },
  };
}

async function start(given: AlertmanagerSettings, webhooks: string, trust?: Relocated): Promise<Replica> {
  const workload = alertmanagerWorkload(given);
  const at = await relocate(workload, HOST);
  writeFileSync(join(at.folder, "secrets/hookUrl"), `${webhooks}/hook`);
  writeFileSync(join(at.folder, "secrets/switchUrl"), `${webhooks}/switch`);
  if (trust !== undefined) {
    for (const file of ["tls/ca.pem", "tls/cert.pem", "tls/key.pem"])
      writeFileSync(join(at.folder, file), readFileSync(join(trust.folder, file)));
  }
  const args = [...at.args, `--cluster.peer-timeout=${PEER_TIMEOUT_SECONDS}s`];
  const child = spawn(program("alertmanager"), args, { cwd: at.folder, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  return { at, port: given.placement.ports.http, child, log: () => log };
}

/** Asks an Alertmanager as its clients do, with a certificate. */
function ask({ at, port }: Replica, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const pem = (name: string) => readFileSync(join(at.folder, "tls", `${name}.pem`));
  const options = {
    host: HOST,
    port,
    path,
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json" },
    ca: pem("ca"),
    cert: pem("cert"),
    key: pem("key"),
  };
  return new Promise((resolve, reject) => {
    request(options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on("error", reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function clustered(replica: Replica): Promise<void> {
  for (let attempt = 0; attempt < 150 && replica.child.exitCode === null; attempt += 1) {
    const answer = await ask(replica, "/api/v2/status").catch(() => undefined);
    const { status = "", peers = [] } = answer?.status === 200 ? clusterOf(answer.text) : {};
    if (status === "ready" && peers.length === 2) return;
    await sleep(200);
  }
  throw new Error(`no cluster of two:\n${replica.log().slice(-3000)}`);
}

function clusterOf(text: string) {
  return (JSON.parse(text) as { cluster: { status: string; peers?: unknown[] } }).cluster;
}

describe("two Alertmanagers that every alert is told to", () => {
  let webhooks: WebhookReceiver;
  let replicas: Replica[] = [];
  const tell = (alerts: readonly Record<string, string>[], endsAt?: string) =>
    Promise.all(
      replicas.map(async (replica) => {
        const body = alerts.map((labels) => ({
          labels,
          annotations: { summary: "Something", runbook_url: "https://runbooks.example.org/Some.md" },
          ...(endsAt === undefined ? {} : { endsAt }),
        }));
        expect((await ask(replica, "/api/v2/alerts", body)).status).toBe(200);
      }),
    );
  const heard = (path: string, alertname: string) =>
    webhooks.notifications.filter(
      (one) => one.path === path && one.alerts.some(({ labels }) => labels["alertname"] === alertname),
    );

  beforeAll(async () => {
    webhooks = await receiveWebhooks();
    const [http, cluster, otherHttp, otherCluster] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const first = await start(settings("alertmanager-a", http, cluster, otherCluster), webhooks.url);
    replicas = [first];
    replicas.push(await start(settings("alertmanager-b", otherHttp, otherCluster, cluster), webhooks.url, first.at));
    await Promise.all(replicas.map(clustered));
    // The explanations first: what they explain comes to Alertmanagers that know them.
    await tell([HOST_SILENT, XID, WATCHDOG]);
    await tell([ON_IT, XID_TOO, OTHER_GPU, INFO]);
    await webhooks.waitFor(({ alerts }) => alerts.some(({ labels }) => labels["gpu"] === "5"), 30);
    await sleep((PEER_TIMEOUT_SECONDS + 4) * 1000);
  }, 90_000);
  afterAll(async () => {
    for (const { child, at } of replicas) {
      child.kill("SIGKILL");
      at.remove();
    }
    await webhooks.close();
  });

  it("tell of a fault once, with the labels and links that say where and what to do", () => {
    const [notification, ...more] = heard("/hook", "GpuXidCritical");
    expect(more).toEqual([]);
    expect(notification).toMatchObject({
      receiver: "hook",
      status: "firing",
      alerts: [{ labels: XID, annotations: { runbook_url: "https://runbooks.example.org/Some.md" } }],
    });
    expect(notification?.externalURL).toMatch(new RegExp(`^https://${HOST.replaceAll(".", "\\.")}:\\d+$`));
  });

  it("tell of a host that is silent, and not of its GPUs", () => {
    expect(heard("/hook", "HostSilent")).toHaveLength(1);
    expect(heard("/hook", "GpuTooHot")).toEqual([]);
  });

  it("hold back a warning that a critical alert explains, on that GPU alone", () => {
    const gpus = heard("/hook", "GpuXidWarning").flatMap(({ alerts }) => alerts.map(({ labels }) => labels["gpu"]));
    expect(gpus).toEqual(["5"]);
  });

  it("tell nobody of what only informs", () => {
    expect(heard("/hook", "GpuXidInfo")).toEqual([]);
  });

  it("tell the dead man's switch, and nobody else, that alerting works", () => {
    expect(heard("/switch", "Watchdog").length).toBeGreaterThan(0);
    expect(heard("/hook", "Watchdog")).toEqual([]);
    expect(webhooks.notifications.filter(({ path, receiver }) => path === "/switch" && receiver === "hook")).toEqual(
      [],
    );
  });

  it("tell when it is over", async () => {
    await tell([XID], new Date(Date.now() - 1000).toISOString());
    const over = await webhooks.waitFor(
      ({ status, alerts }) => status === "resolved" && alerts[0]?.labels["alertname"] === "GpuXidCritical",
      30,
    );
    expect(over.path).toBe("/hook");
  }, 40_000);
});
