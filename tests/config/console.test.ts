import { type ChildProcess, spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageAnswer, PanelAnswer } from "../../components/console/answer.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { resolveProgram } from "../../infra/deploy/programs.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { NETWORKS } from "../support/networks.ts";
import { program } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";

const HOST = `${NETWORKS.console}.1`;
const PAGE = `http://${HOST}:8870`;
const FRONT = `http://${HOST}:8871`;
/** What `relocate` writes in the place of every secret. */
const PASSWORD = "relocated-test-secret";
const authorization = `Basic ${Buffer.from(`viewer:${PASSWORD}`).toString("base64")}`;

const committed = readEnvironment(PROJECT_ROOT, "local");
const environment = { ...committed, network: { ...committed.network, loopback: NETWORKS.console } };
const planned = planDeployables(planTopology(environment, OFFLINE)).map(({ workload }) => workload);

const places: Relocated[] = [];
const children: ChildProcess[] = [];

/** Lays a planned workload out and starts it; all of them hold one certificate. */
async function start(name: string, [command = "", ...leading]: readonly string[]): Promise<ChildProcess> {
  const workload = planned.find((one) => one.name === name);
  if (workload === undefined) throw new Error(`no workload ${name} is planned`);
  const place = await relocate(workload, HOST, HOST);
  if (places[0] !== undefined) cpSync(join(places[0].folder, "tls"), join(place.folder, "tls"), { recursive: true });
  places.push(place);
  const child = spawn(command, [...leading, ...place.args], { cwd: place.folder, stdio: "ignore" });
  children.push(child);
  return child;
}

const ask = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { authorization, ...init.headers } });

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await sleep(200);
  }
  throw new Error(`there was no ${what}`);
}

/** A panel of the page about the pipeline. */
async function readPanel(title: string): Promise<PanelAnswer | undefined> {
  const page = (await (await ask(`${PAGE}/data/telemetry-pipeline`)).json()) as PageAnswer;
  return page.rows.flatMap(({ panels }) => panels).find((panel) => panel.title === title);
}

/** Status of a request under another name; `fetch` does not let a caller choose it. */
function statusUnder(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(PAGE, { headers: { host, authorization } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("error", reject).end();
  });
}

describe("the console beside a real Prometheus", () => {
  let prometheus: ChildProcess;

  beforeAll(async () => {
    prometheus = await start("prometheus-a", [program("prometheus")]);
    await start("console", resolveProgram("console"));
    await until("console", async () => ((await fetch(`${PAGE}/healthz`)).ok ? true : undefined));
  });

  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
    for (const place of places) place.remove();
  });

  it("draws the points that Prometheus holds", async () => {
    const data = await until("point of Prometheus' own scrape", async () => {
      const panel = await readPanel("Scraped programs");
      if (panel?.data.kind !== "series") return undefined;
      const { times, series } = panel.data;
      const own = series.find(({ name }) => name === `prometheus ${HOST}:9090`);
      return own?.values.includes(1) === true ? { times, values: own.values } : undefined;
    });
    expect(data.values).toHaveLength(data.times.length);
  });

  it("shows a panel without data as such, beside those that have some", async () => {
    const panel = await readPanel("Accepted");
    expect(panel?.data).toMatchObject({ kind: "series", series: [] });
    expect(panel?.empty).toBe("No collector takes anything in.");
  });

  it("gives the page, which loads nothing from elsewhere", async () => {
    const answer = await ask(`${PAGE}/`);
    expect(answer.status).toBe(200);
    expect(answer.url).toBe(`${PAGE}/gpu-fleet`);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    const html = await answer.text();
    const loaded = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(loaded).toHaveLength(4);
    for (const path of loaded) expect((await ask(`${PAGE}${path}`)).status, path).toBe(200);
  });

  it("rejects a wrong password, a POST and another name", async () => {
    const wrong = { authorization: `Basic ${Buffer.from("viewer:wrong").toString("base64")}` };
    expect((await fetch(PAGE, { headers: wrong })).status).toBe(401);
    expect((await fetch(FRONT)).status).toBe(401);
    expect((await ask(PAGE, { method: "POST" })).status).toBe(405);
    expect(await statusUnder("evil.example:8870")).toBe(421);
    expect(await statusUnder("localhost:8870")).toBe(302);
  });

  it("forwards questions to Prometheus, by GET and as its page sends them, and nothing that could change it", async () => {
    for (const init of [{}, { method: "POST", body: new URLSearchParams({ query: "up" }) }]) {
      const answer = await ask(`${FRONT}/api/v1/query?query=up`, { ...init, headers: { origin: FRONT } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      expect(await answer.json()).toMatchObject({ status: "success" });
    }
    expect((await ask(`${FRONT}/-/quit`, { method: "POST" })).status).toBe(405);
    expect((await ask(`${FRONT}/debug/pprof/profile`)).status).toBe(403);
  });

  it("names a backend that cannot be reached", async () => {
    const answer = await ask(`http://${HOST}:8872/`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/^Alertmanager does not answer \(https:\/\/127\.66\.8\.1:9093: ECONNREFUSED;/);
    prometheus.kill("SIGKILL");
    const panel = await until("sentence", async () => {
      const read = await readPanel("Scraped programs");
      return read?.data.kind === "failed" ? read.data : undefined;
    });
    expect(panel.why).toContain(`Prometheus does not answer (https://${HOST}:9090: `);
  });
});
