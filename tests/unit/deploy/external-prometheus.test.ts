import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Workload } from "../../../components/runtime/workload.ts";
import { planVerify } from "../../../infra/cli/verify/plan.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { renderStack } from "../../../infra/deploy/render.ts";
import { planReport } from "../../../infra/report/model.ts";
import { gpuServer } from "../../../infra/report/machine.ts";
import { planSummary } from "../../../infra/summary/plan.ts";
import type { Environment } from "../../../infra/environment/schema.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { EXTERNAL_URL, withExternalPrometheus } from "../../support/external-prometheus.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- files of programs that have no types here
type Tree = any;

const AUTHORITY = "-----BEGIN CERTIFICATE-----\nof the store\n-----END CERTIFICATE-----\n";
const SIGNED_IN = { user: "gpu", password: "metricsPassword", tenant: "gpus", authority: AUTHORITY };
const CREDENTIALS = "external-prometheus-credentials";

function workloadsOf(environment: Environment): readonly Workload[] {
  return planDeployables(planTopology(environment)).map(({ workload }) => workload);
}

function gatewayOf(environment: Environment) {
  const gateway = workloadsOf(environment).find(({ service }) => service === "gateway");
  const [config = ""] = Object.values(gateway?.files ?? {});
  return { gateway, config: parse(config) as Tree };
}

describe.each(["local", "dev", "staging", "production"] as const)("%s with an existing Prometheus", (name) => {
  const environment = withExternalPrometheus(name);
  const topology = planTopology(environment);

  it("deploys none of its own, and no Alertmanager, and says why", () => {
    const services = new Set(workloadsOf(environment).map(({ service }) => service));
    expect(services).not.toContain("prometheus");
    expect(services).not.toContain("alertmanager");
    expect(services).toContain("gateway");
    expect(topology.skipped["prometheus"]).toBe(`prometheus.external is used: ${EXTERNAL_URL}`);
    expect(topology.skipped["alertmanager"]).toContain("an Alertmanager of its own");
  });

  it("dials no Prometheus of its own anywhere", () => {
    for (const { name: workload, files, args } of workloadsOf(environment)) {
      const settings = Object.entries(files).filter(([path]) => !path.startsWith("dashboards/"));
      expect([...settings.map(([, text]) => text), ...args].join("\n"), workload).not.toMatch(/:(9090|9093)\b/);
    }
  });

  it("is still summarised, costed and verified", () => {
    const summary = planSummary(topology, planDeployables(topology));
    expect(summary.retention).not.toHaveProperty("prometheus");
    expect(summary.settings).toMatchObject({ "prometheus.external.url": EXTERNAL_URL });
    const { storage, central } = planReport(topology, environment.load, gpuServer(1));
    expect(storage.map(({ backend }) => backend)).not.toContain("prometheus");
    expect(central.map(({ component }) => component)).not.toContain("alertmanager");
    const [asked, ...more] = planVerify(topology).backends.filter(({ kind }) => kind === "prometheus");
    expect(asked).toMatchObject({ name: "external-prometheus", endpoint: EXTERNAL_URL });
    expect(more).toEqual([]);
  });

  it("renders rules that need nothing of the Prometheus they are loaded by", () => {
    const files = renderStack(environment);
    const { groups } = parse(files["external-prometheus/rules/gpu.yml"] ?? "") as Tree;
    expect(groups.map((group: Tree) => group.interval)).toEqual(
      groups.map(() => environment.prometheus.evaluationInterval),
    );
    const alerts = groups.flatMap((group: Tree) => group.rules).filter((rule: Tree) => "alert" in rule);
    expect(alerts.length).toBeGreaterThan(10);
    for (const { labels } of alerts) expect(labels).toMatchObject({ area: "gpu", environment: name });
    expect(files["external-prometheus/README.md"]).toContain("no alert ever fires");
  });

  it("renders what its configuration needs, with every part to scrape", () => {
    const { scrape_configs, rule_files, otlp } = parse(
      renderStack(environment)["external-prometheus/prometheus.yml"] ?? "",
    ) as Tree;
    const jobs = scrape_configs.map((one: Tree) => one.job_name);
    expect(jobs).toEqual(expect.arrayContaining(["gateway", "tempo", "loki"]));
    expect(jobs).not.toContain("prometheus");
    expect(rule_files).toContain("gpu-observability/rules/gpu.yml");
    expect(otlp.promote_resource_attributes).toContain("host.name");
  });

  it("has no alert about a Prometheus or an Alertmanager that is not ours", () => {
    const rules = Object.entries(renderStack(environment)).filter(([path]) =>
      path.includes("external-prometheus/rules/"),
    );
    expect(rules.map(([, text]) => text).join("\n")).not.toMatch(/prometheus_(tsdb|rule|notif)|alertmanager_/);
  });
});

describe("the gateways", () => {
  it("write by OTLP, signed in by a file, with the queue of every other destination", () => {
    const { gateway, config } = gatewayOf(withExternalPrometheus("local", SIGNED_IN, ["metrics.path=otlp"]));
    const exporter = config.exporters["otlp_http/external-prometheus"];
    expect(exporter).toMatchObject({
      endpoint: `${EXTERNAL_URL}/api/v1/otlp`,
      auth: { authenticator: "bearertokenauth/external-prometheus" },
      headers: { "X-Scope-OrgID": "gpus" },
      tls: { ca_pem: AUTHORITY },
      sending_queue: { enabled: true, storage: "file_storage" },
      retry_on_failure: { max_elapsed_time: 0 },
    });
    // Our certificate is no business of a server that knows nothing of our authority.
    expect(exporter.tls).not.toHaveProperty("cert_file");
    const extension = config.extensions["bearertokenauth/external-prometheus"];
    expect(extension).toEqual({ scheme: "Basic", filename: `secrets/${CREDENTIALS}` });
    expect(config.service.extensions).toContain("bearertokenauth/external-prometheus");
    expect(config.service.pipelines.metrics.exporters).toContain("otlp_http/external-prometheus");
    expect(gateway?.secretFiles).toMatchObject({ [CREDENTIALS]: CREDENTIALS });
  });

  it("write by remote write, with a token, from a log that survives a crash", () => {
    const environment = withExternalPrometheus("local", { token: "metricsToken" }, ["metrics.path=remoteWrite"]);
    const { config } = gatewayOf(environment);
    expect(config.exporters["prometheusremotewrite/external-prometheus"]).toMatchObject({
      endpoint: `${EXTERNAL_URL}/api/v1/write`,
      auth: { authenticator: "bearertokenauth/external-prometheus" },
      wal: { directory: "data/queue/wal-external-prometheus" },
    });
    expect(config.extensions["bearertokenauth/external-prometheus"].scheme).toBe("Bearer");
  });

  it("write to each copy that keeps data of its own, and to no path of ours where one is given", () => {
    const writeUrls = ["https://a.example.org/otlp", "https://b.example.org/otlp/"];
    const { config } = gatewayOf(withExternalPrometheus("local", { writeUrls }));
    expect(config.exporters["otlp_http/external-prometheus"].endpoint).toBe(writeUrls[0]);
    expect(config.exporters["otlp_http/external-prometheus-2"].endpoint).toBe("https://b.example.org/otlp");
  });

  it("name no secret's owner: the password's and the token's name stay in the stack", () => {
    const files = JSON.stringify(renderStack(withExternalPrometheus("production", SIGNED_IN)));
    expect(files).not.toContain("metricsPassword");
  });
});

describe("Grafana", () => {
  it("asks it under the name of our own, signed in by a file", () => {
    const grafana = workloadsOf(withExternalPrometheus("production", SIGNED_IN)).find(({ name }) => name === "grafana");
    const { datasources } = parse(grafana?.files["provisioning/datasources/datasources.yaml"] ?? "") as Tree;
    const source = datasources.find((one: Tree) => one.uid === "prometheus");
    expect(source).toMatchObject({
      url: EXTERNAL_URL,
      isDefault: true,
      jsonData: { httpHeaderName1: "Authorization", httpHeaderName2: "X-Scope-OrgID", tlsAuthWithCACert: true },
      secureJsonData: {
        httpHeaderValue1: `Basic $__file{/etc/gpu-observability/secrets/${CREDENTIALS}}`,
        httpHeaderValue2: "gpus",
        tlsCACert: AUTHORITY,
      },
    });
    expect(source.jsonData).not.toHaveProperty("tlsAuth");
    expect(datasources.map((one: Tree) => one.uid)).not.toContain("alertmanager");
    expect(grafana?.secretFiles).toMatchObject({ [CREDENTIALS]: CREDENTIALS });
    const tempo = datasources.find((one: Tree) => one.uid === "tempo");
    expect(tempo.jsonData.serviceMap).toEqual({ datasourceUid: "prometheus" });
  });
});
