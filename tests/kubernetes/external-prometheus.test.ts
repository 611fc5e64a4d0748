import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findClusterProblems } from "../../infra/cli/preflight-kubernetes.ts";
import type { Environment } from "../../infra/environment/schema.ts";
import type { Cluster } from "../support/cluster/cluster.ts";
import { OPERATOR_DEFINITIONS } from "../support/cluster/prometheus-operator.ts";
import { startStack, stopStack } from "../support/cluster/start-stack.ts";
import { EXTERNAL_URL } from "../support/external-prometheus.ts";
import type { TestEnvironment } from "../support/test-environment.ts";

const EXTERNAL = { url: EXTERNAL_URL, user: "gpu", password: "metricsPassword", operator: {} };
const PASSWORD = "of the metrics";
/** What neither metrics nor rules have to do with is left out, for it takes its time. */
const LEFT_OUT = ["jaeger.enabled=false", "greptimedb.enabled=false", "loki={ storage: { kind: disk } }"];
const OVERRIDES = [
  `prometheus=${JSON.stringify({ external: EXTERNAL })}`,
  "alertmanager={}",
  "kubernetes.keepData=false",
  ...LEFT_OUT,
];
const CORE = "/api/v1/namespaces/gpu-observability";
const OPERATOR = "/apis/monitoring.coreos.com/v1/namespaces/gpu-observability";

describe("staging with the Prometheus of an operator on a real API server", () => {
  let cluster: Cluster;
  let environment: TestEnvironment;
  let described: Environment;

  beforeAll(async () => {
    const secrets = { [EXTERNAL.password]: PASSWORD };
    ({ cluster, environment, described } = await startStack("staging", { overrides: OVERRIDES, secrets }));
    vi.stubEnv("KUBECONFIG", cluster.kubeconfig);
  }, 180_000);

  afterAll(async () => {
    vi.unstubAllEnvs();
    await stopStack({ cluster, environment });
  });

  it("rejects a cluster without the operator's kinds before anything is made", async () => {
    const problems = await findClusterProblems(described);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).toContain("prometheus.external.operator");
    expect(await cluster.api.find(CORE)).toBeUndefined();
  });

  it("comes up with rules and scrapes that the API server takes, and no Prometheus", async () => {
    for (const definition of OPERATOR_DEFINITIONS) await cluster.api.create(definition);
    const { code, output, seconds } = await environment.run("up");
    expect(code, output.slice(-6000)).toBe(0);
    console.log(`staging with an existing Prometheus: up in ${seconds.toFixed(1)} s`);
    const [rules, monitors] = [
      await cluster.api.list(`${OPERATOR}/prometheusrules`),
      await cluster.api.list(`${OPERATOR}/podmonitors`),
    ];
    expect(rules.length).toBeGreaterThan(4);
    expect(monitors.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      ["gateway", "grafana", "loki", "tempo"].map((name) => `gpu-observability-${name}`),
    );
    for (const { metadata } of [...rules, ...monitors]) {
      expect(metadata.labels).toMatchObject({ release: "kube-prometheus-stack" });
    }
    const pods = await cluster.api.list(`${CORE}/pods`);
    expect(pods.map(({ metadata }) => metadata.name).filter((name) => /prometheus|alertmanager/.test(name))).toEqual(
      [],
    );
  }, 300_000);

  it("has the password in Secrets alone, as a header spells it", async () => {
    const header = Buffer.from(`gpu:${PASSWORD}`).toString("base64");
    for (const name of ["gateway-secrets", "grafana-secrets"]) {
      const { data } = (await cluster.api.get(`${CORE}/secrets/${name}`)) as unknown as {
        data: Record<string, string>;
      };
      const values = Object.values(data).map((value) => Buffer.from(value, "base64").toString());
      expect(values, name).toContain(header);
    }
    const open = JSON.stringify(await cluster.api.list(`${CORE}/configmaps`));
    expect(open).not.toContain(header);
    expect(open).not.toContain(PASSWORD);
  });

  it("keeps a client certificate of our authority where the PodMonitors look for it", async () => {
    const { data } = (await cluster.api.get(`${CORE}/secrets/external-prometheus-certificate`)) as unknown as {
      data: Record<string, string>;
    };
    const read = (key: string) => new X509Certificate(Buffer.from(data[key] ?? "", "base64"));
    expect(read("cert.pem").subject).toContain("external-prometheus");
    expect(read("cert.pem").checkIssued(read("ca.pem"))).toBe(true);
  });

  it("changes nothing when brought up again", async () => {
    const { code, output } = await environment.run("preview");
    expect(code, output.slice(-4000)).toBe(0);
    expect(output).toMatch(/\d+ unchanged/);
    expect(output).not.toMatch(/\d+ to (create|update|delete|replace)/);
  }, 120_000);
});
