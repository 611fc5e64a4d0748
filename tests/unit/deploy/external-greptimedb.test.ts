import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderGateway } from "../../../components/collector/render-gateway.ts";
import type { Workload } from "../../../components/runtime/workload.ts";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { planVerify } from "../../../infra/cli/verify/plan.ts";
import { planAlertSettings } from "../../../infra/deploy/alerts.ts";
import { planEdges } from "../../../infra/deploy/edges.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { renderStack } from "../../../infra/deploy/render.ts";
import type { Environment } from "../../../infra/environment/schema.ts";
import { gpuServer } from "../../../infra/report/machine.ts";
import { planReport } from "../../../infra/report/model.ts";
import { planSummary } from "../../../infra/summary/plan.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import {
  GREPTIMEDB_AUTHORITY,
  GREPTIMEDB_URL,
  SIGNED_IN,
  withExternalGreptimedb,
} from "../../support/external-greptimedb.ts";
import { findLooseEnds, gatewaySettings } from "../collector/fixture.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- files of programs that have no types here
type Tree = any;

const CREDENTIALS = "external-greptimedb-credentials";
const SIGNALS = ["traces", "metrics", "logs"] as const;

function workloadsOf(environment: Environment): readonly Workload[] {
  return planDeployables(planTopology(environment)).map(({ workload }) => workload);
}

function gatewayOf(environment: Environment) {
  const gateway = workloadsOf(environment).find(({ service }) => service === "gateway");
  const [config = ""] = Object.values(gateway?.files ?? {});
  return { gateway, config: parse(config) as Tree };
}

function sourcesOf(environment: Environment) {
  const grafana = workloadsOf(environment).find(({ name }) => name === "grafana");
  const { datasources } = parse(grafana?.files["provisioning/datasources/datasources.yaml"] ?? "") as Tree;
  const find = (uid: string) => datasources.find((one: Tree) => one.uid === uid);
  return { grafana, metrics: find("greptimedb"), sql: find("greptimedb-sql") };
}

describe.each(["local", "dev", "staging", "production"] as const)("%s with an existing GreptimeDB", (name) => {
  const environment = withExternalGreptimedb(name, SIGNED_IN);
  const topology = planTopology(environment);

  it("deploys none of its own, and says why", () => {
    expect(topology.greptimedb).toBeUndefined();
    expect(workloadsOf(environment).map(({ service }) => service)).not.toContain("greptimedb");
    expect(topology.skipped["greptimedb"]).toBe(`greptimedb.external is used: ${GREPTIMEDB_URL}`);
  });

  it("knows no password and no address of its own anywhere", () => {
    for (const { name: workload, files, args, secretFiles = {} } of workloadsOf(environment)) {
      const settings = Object.entries(files).filter(([path]) => !path.startsWith("dashboards/"));
      const text = [...settings.map(([, one]) => one), ...args].join("\n");
      expect(text, workload).not.toMatch(/greptimedb(\.gpu-observability\.svc)?:\d|greptimedb-password|greptime_user/);
      expect(Object.values(secretFiles), workload).not.toContain("greptimedb-password");
    }
  });

  it("writes every signal to its database, and leaves the life of rows to it", () => {
    const { config } = gatewayOf(environment);
    for (const signal of SIGNALS) {
      const id = `otlp_http/external-greptimedb-${signal}`;
      const exporter = config.exporters[id];
      expect(exporter).toMatchObject({
        endpoint: `${GREPTIMEDB_URL}/v1/otlp`,
        headers: { "x-greptime-db-name": "gpus" },
      });
      expect(exporter.headers).not.toHaveProperty("x-greptime-hints");
      const pipelines = Object.entries(config.service.pipelines as Record<string, { exporters: string[] }>);
      expect(pipelines.filter(([, one]) => one.exporters.includes(id)).map(([key]) => key.split("/")[0])).toContain(
        signal,
      );
    }
  });

  it("is let out to its ports, and lets nobody in for it", () => {
    const edges = planEdges(topology).map(({ from, to, port }) => `${from} -> ${to}:${port}`);
    const expected = ["gateway -> outside:443", "grafana -> outside:443", "grafana -> outside:4002"];
    expect(edges).toEqual(expect.arrayContaining(expected));
    expect(edges.filter((edge) => edge.includes("greptimedb"))).toEqual([]);
  });

  it("is still summarised, costed and verified, without an alert about one of ours", () => {
    const summary = planSummary(topology, planDeployables(topology));
    expect(summary.retention).not.toHaveProperty("greptimedb");
    expect(summary.settings).toMatchObject({ "greptimedb.external.url": GREPTIMEDB_URL });
    expect(JSON.stringify(summary)).not.toContain("BEGIN CERTIFICATE");
    expect(planReport(topology, environment.load, gpuServer(1)).storage.map(({ backend }) => backend)).not.toContain(
      "greptimedb",
    );
    expect(planAlertSettings(topology).inventory.backends).not.toContain("greptimedb");
    expect(planVerify(topology).backends.filter(({ kind }) => kind === "greptimedb")).toMatchObject([
      { name: "external-greptimedb", endpoint: GREPTIMEDB_URL, database: "gpus" },
    ]);
  });
});

describe("the gateways", () => {
  it("are signed in by a file, show no certificate of ours, and queue as for every other destination", () => {
    const { gateway, config } = gatewayOf(withExternalGreptimedb("local", SIGNED_IN));
    const exporter = config.exporters["otlp_http/external-greptimedb-traces"];
    expect(exporter).toMatchObject({
      auth: { authenticator: "bearertokenauth/external-greptimedb" },
      headers: { "x-greptime-pipeline-name": "greptime_trace_v1" },
      sending_queue: { enabled: true, storage: "file_storage" },
      retry_on_failure: { max_elapsed_time: 0 },
    });
    expect(exporter.tls).toEqual({ min_version: "1.2", ca_pem: GREPTIMEDB_AUTHORITY });
    expect(config.extensions["bearertokenauth/external-greptimedb"]).toEqual({
      scheme: "Basic",
      filename: `secrets/${CREDENTIALS}`,
    });
    expect(config.service.extensions).toContain("bearertokenauth/external-greptimedb");
    expect(gateway?.secretFiles).toMatchObject({ [CREDENTIALS]: CREDENTIALS });
  });

  it("send the trace header with traces alone: it breaks logs", () => {
    const { exporters } = gatewayOf(withExternalGreptimedb("local")).config;
    const headersOf = (signal: string) => exporters[`otlp_http/external-greptimedb-${signal}`].headers;
    expect(headersOf("logs")).toEqual({ "x-greptime-db-name": "public" });
    expect(headersOf("metrics")).not.toHaveProperty("x-greptime-pipeline-name");
  });

  it("sign in nowhere and get no secret where nobody is asked who he is", () => {
    const { gateway, config } = gatewayOf(withExternalGreptimedb("local"));
    expect(config.exporters["otlp_http/external-greptimedb-logs"]).not.toHaveProperty("auth");
    expect(Object.keys(config.extensions).filter((id) => id.includes("greptimedb"))).toEqual([]);
    expect(Object.keys(gateway?.secretFiles ?? {}).filter((file) => file.includes("greptimedb"))).toEqual([]);
  });

  it("make metrics of spans where nothing else keeps metrics", () => {
    const destination = { kind: "external-greptimedb", access: { url: GREPTIMEDB_URL }, database: "public" } as const;
    const config = renderGateway(gatewaySettings({ destinations: [destination], scrapeEnabled: false }));
    expect(config.service.pipelines["metrics/spans"]?.exporters).toEqual(["otlp_http/external-greptimedb-metrics"]);
    expect(findLooseEnds(config)).toEqual([]);
  });

  it("name no secret's owner", () => {
    const { gateway } = gatewayOf(withExternalGreptimedb("production", SIGNED_IN));
    expect(JSON.stringify(gateway)).not.toContain(SIGNED_IN.password);
  });
});

describe("Grafana", () => {
  const secrets = "/etc/gpu-observability/secrets";

  it("asks for metrics under the name of our own, signed in by a header, in its database", () => {
    const { grafana, metrics } = sourcesOf(withExternalGreptimedb("production", SIGNED_IN));
    expect(metrics).toMatchObject({
      type: "prometheus",
      url: `${GREPTIMEDB_URL}/v1/prometheus`,
      isDefault: false,
      jsonData: {
        httpHeaderName1: "Authorization",
        httpHeaderName2: "x-greptime-db-name",
        tlsAuthWithCACert: true,
      },
      secureJsonData: {
        httpHeaderValue1: `Basic $__file{${secrets}/${CREDENTIALS}}`,
        httpHeaderValue2: "gpus",
        tlsCACert: GREPTIMEDB_AUTHORITY,
      },
    });
    expect(metrics).not.toHaveProperty("basicAuth");
    expect(grafana?.secretFiles).toMatchObject({ [CREDENTIALS]: CREDENTIALS });
  });

  it("asks in SQL over TLS, with the password as it is", () => {
    const { grafana, sql } = sourcesOf(withExternalGreptimedb("production", SIGNED_IN));
    expect(sql).toMatchObject({
      type: "mysql",
      url: SIGNED_IN.mysql,
      user: "gpu",
      jsonData: { database: "gpus", tlsAuthWithCACert: true },
      secureJsonData: { password: `$__file{${secrets}/greptimePassword}`, tlsCACert: GREPTIMEDB_AUTHORITY },
    });
    expect(grafana?.secretFiles).toMatchObject({ greptimePassword: "greptimePassword" });
  });

  it("has no source for SQL where nobody speaks it, and no password of a user there is none of", () => {
    const { metrics, sql, grafana } = sourcesOf(withExternalGreptimedb("production"));
    expect(sql).toBeUndefined();
    expect(metrics.secureJsonData).toEqual({ httpHeaderValue1: "public" });
    expect(Object.keys(grafana?.secretFiles ?? {}).filter((file) => /greptime/i.test(file))).toEqual([]);
  });
});

describe("the rendered rules", () => {
  it("hold an alert about a GreptimeDB of ours, and none about another", () => {
    const alertsOf = (environment: Environment) => Object.values(renderStack(environment)).join("\n");
    expect(alertsOf(parseEnvironment(["production"]))).toContain("alert: GreptimeDbUnhealthy");
    expect(alertsOf(withExternalGreptimedb("production"))).not.toContain("alert: GreptimeDbUnhealthy");
  });
});
