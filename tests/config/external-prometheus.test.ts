import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { toYaml } from "../../components/core/yaml.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import type { PrometheusRule } from "../../components/runtime/kubernetes/types.ts";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { credentialsSecret, EXTERNAL_PROMETHEUS } from "../../infra/deploy/external-access.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { renderStack } from "../../infra/deploy/render.ts";
import type { Environment } from "../../infra/environment/schema.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { withExternalPrometheus } from "../support/external-prometheus.ts";
import { NETWORKS } from "../support/networks.ts";
import { program, runProgram } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";
import { ExistingPrometheus, PASSWORD, USER } from "./existing-prometheus.ts";

const FOLDER = "external-prometheus/";

/** What is rendered for the existing Prometheus, by path below its folder. */
function renderedFor(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(renderStack(environment, OFFLINE))
      .filter(([path]) => path.startsWith(FOLDER))
      .map(([path, text]) => [path.slice(FOLDER.length), text]),
  );
}

function gatewayOf(environment: Environment) {
  const all = planDeployables(planTopology(environment, OFFLINE)).map(({ workload }) => workload);
  const gateway = all.find(({ service }) => service === "gateway");
  if (gateway === undefined) throw new Error("no gateway");
  return gateway;
}

/** As `up` makes it of the stack's secret. */
const CREDENTIALS = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");

describe("a gateway that writes to an existing Prometheus", () => {
  let existing: ExistingPrometheus;
  let running: { child: ChildProcess; at: Relocated; log: string } | undefined;

  beforeAll(async () => {
    existing = await ExistingPrometheus.start(
      renderedFor(withExternalPrometheus("local", {}, ["prometheus.evaluationInterval=1s"])),
      `${NETWORKS.existingPrometheus}.1`,
      19_090,
    );
  });
  afterEach(() => {
    running?.child.kill("SIGKILL");
    running?.at.remove();
    running = undefined;
  });
  afterAll(() => existing.stop());

  it.each(["otlp", "remoteWrite"] as const)(
    "delivers a metric by %s, with the password and every label",
    async (path) => {
      const external = { url: existing.url, user: USER, password: "metricsPassword", authority: existing.authority };
      const settings = [`metrics.path=${path}`, `network.loopback=${NETWORKS.externalPrometheus}`];
      const gateway = gatewayOf(withExternalPrometheus("local", external, settings));
      const at = await relocate(gateway);
      writeFileSync(join(at.folder, "secrets", credentialsSecret(EXTERNAL_PROMETHEUS)), CREDENTIALS);
      const child = spawn(program("otelcol"), at.args, { cwd: at.folder, env: { ...at.env, PATH: "" } });
      running = { child, at, log: "" };
      child.stderr.on("data", (chunk: Buffer) => running && (running.log += chunk.toString()));
      // Remote write sends what it holds when more comes, so it goes on, as metrics do.
      const more = keepDelivering(gateway, at, path);
      const labels = await existing.labelsOf(`external_canary_ratio{path="${path}"}`).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${more.refused()}\n${running?.log.slice(-3000)}`);
      });
      await more.stop();
      expect(labels).toMatchObject({ host_name: "gpu-1", deployment_environment_name: "local" });
    },
  );

  it("would deliver nothing without the password: it is asked for", async () => {
    expect((await existing.ask("/api/v1/query?query=up", USER, "another")).status).toBe(401);
  });

  it("has its rules loaded and evaluated by the existing Prometheus, as the rendered README says", async () => {
    const watchdog = await existing.labelsOf('ALERTS{alertname="Watchdog", alertstate="firing"}');
    expect(watchdog).toMatchObject({ area: "telemetry", environment: "local" });
    const { text } = await existing.ask("/api/v1/rules");
    const { data } = JSON.parse(text) as { data: { groups: { name: string; rules: { health: string }[] }[] } };
    expect(data.groups.map(({ name }) => name)).toEqual(expect.arrayContaining(["gpu", "telemetry", "workloads"]));
    expect(data.groups.flatMap(({ rules }) => rules).filter(({ health }) => health === "err")).toEqual([]);
  });
});

describe("the gateways of production with an existing Prometheus", () => {
  it.each(["otlp", "remoteWrite"] as const)(
    "are accepted by the collector itself when they write by %s",
    async (path) => {
      const environment = withExternalPrometheus("production", { token: "metricsToken", tenant: "gpus" }, [
        `metrics.path=${path}`,
      ]);
      const at = await relocate(gatewayOf(environment));
      const { status, output } = runProgram("otelcol", ["validate", ...at.args], at.folder, at.env);
      at.remove();
      expect(status, output).toBe(0);
    },
  );
});

describe("the rules for the Prometheus Operator", () => {
  it.each(["staging", "production"] as const)("of %s pass promtool, group by group", (name) => {
    const text = renderedFor(withExternalPrometheus(name, { operator: {} }))["manifests.yaml"] ?? "";
    const objects = parseAllDocuments(text).map((document) => document.toJS() as PrometheusRule);
    const rules = objects.filter(({ kind }) => kind === "PrometheusRule");
    expect(rules.length).toBeGreaterThan(4);
    const folder = mkdtempSync(join(tmpdir(), "gpu-observability-rules-"));
    const files = rules.map(({ metadata, spec }) => {
      writeFileSync(join(folder, `${metadata.name}.yml`), toYaml(spec));
      return `${metadata.name}.yml`;
    });
    const { status, output } = runProgram("promtool", ["check", "rules", ...files], folder);
    rmSync(folder, { recursive: true, force: true });
    expect(status, output).toBe(0);
  });
});

function tlsOf({ folder }: Relocated) {
  const read = (name: string) => readFileSync(join(folder, "tls", `${name}.pem`), "utf8");
  return { ca: read("ca"), cert: read("cert"), key: read("key") };
}

/** Sends one gauge a second, from before the gateway is up until it is stopped. */
function keepDelivering({ name, ports }: Workload, at: Relocated, path: string) {
  const dispatcher = new Agent({ connect: { ...tlsOf(at), servername: name } });
  const { host, port } = ports["otlpHttp"] ?? { host: "", port: 0 };
  const headers = { "content-type": "application/json", authorization: "Bearer relocated-test-secret" };
  let refused = "nothing was sent";
  const send = async () => {
    const body = JSON.stringify(gauge(path));
    const answer = await fetch(`https://${host}:${port}/v1/metrics`, {
      method: "POST",
      dispatcher,
      headers,
      body,
    }).catch((error: unknown) => error as Error);
    refused = answer instanceof Error ? String(answer.cause ?? answer) : `${answer.status} ${await answer.text()}`;
  };
  const timer = setInterval(() => void send(), 1000);
  const stop = async () => {
    clearInterval(timer);
    await dispatcher.close();
  };
  return { stop, refused: () => refused };
}

function gauge(path: string): object {
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 1, attributes: [attribute("path", path)] };
  const attributes = [attribute("service.name", "canary"), attribute("host.name", "gpu-1"), attribute("env", "local")];
  const metrics = [{ name: "external.canary", unit: "1", gauge: { dataPoints: [point] } }];
  return { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
}
