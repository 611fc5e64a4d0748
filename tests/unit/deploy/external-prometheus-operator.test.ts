import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { planEdges } from "../../../infra/deploy/edges.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { renderStack } from "../../../infra/deploy/render.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { withExternalPrometheus } from "../../support/external-prometheus.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- objects of kinds that have no types here
type Tree = any;

describe.each(["staging", "production"] as const)("the operator's objects of %s", (name) => {
  const environment = withExternalPrometheus(name, {
    operator: { monitorLabels: { team: "gpu" } },
    url: "https://prometheus.monitoring.svc:9090",
  });
  const objects: readonly Tree[] = parseAllDocuments(
    renderStack(environment)["external-prometheus/manifests.yaml"] ?? "",
  ).map((document) => document.toJS() as Tree);
  const monitors = objects.filter(({ kind }) => kind === "PodMonitor");
  const topology = planTopology(environment);
  const edges = planEdges(topology);

  it("are rules and scrapes with the labels the operator selects by", () => {
    const rules = objects.filter(({ kind }) => kind === "PrometheusRule");
    expect(rules.length + monitors.length).toBe(objects.length);
    for (const { metadata } of rules) expect(metadata.labels.release).toBe("kube-prometheus-stack");
    for (const { metadata } of monitors) expect(metadata.labels.team).toBe("gpu");
    for (const { metadata } of objects) {
      expect(metadata.namespace).toBe("gpu-observability");
      expect(metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }
    expect(new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(objects.length);
  });

  it("ask ports that the pods of a program of that name have, and show a certificate where it speaks TLS", () => {
    const central = planDeployables(topology).map(({ workload }) => workload);
    for (const { spec } of monitors) {
      const service = spec.selector.matchLabels["app.kubernetes.io/name"];
      const workload = central.find((one) => one.service === service);
      const [endpoint] = spec.podMetricsEndpoints;
      const listener = workload?.ports[endpoint.port];
      expect(listener, service).toBeDefined();
      // GreptimeDB asks for a password, but has no TLS upstream.
      const isPlain = listener?.access === "plaintext" || service === "greptimedb";
      expect(endpoint.scheme, service).toBe(isPlain ? "http" : "https");
      if (endpoint.scheme !== "https") continue;
      expect(workload?.certificate?.dnsNames).toContain(endpoint.tlsConfig.serverName);
      expect(endpoint.tlsConfig.keySecret).toEqual({ name: "external-prometheus-certificate", key: "key.pem" });
    }
  });

  it("ask what Prometheus's namespace is let in to, no more and no less", () => {
    const central = planDeployables(topology).map(({ workload }) => workload);
    const asked = monitors.map(({ spec }) => {
      const service = spec.selector.matchLabels["app.kubernetes.io/name"];
      const port = central.find((one) => one.service === service)?.ports[spec.podMetricsEndpoints[0].port]?.port;
      return `${service}:${port}`;
    });
    const open = edges.filter(({ from }) => from === "monitoring").map(({ to, port }) => `${to}:${port}`);
    expect(open.toSorted()).toEqual(asked.toSorted());
    expect(open.length).toBeGreaterThan(5);
  });

  it("leave no edge of a Prometheus of ours, and let gateways and Grafana out to the other", () => {
    const parties = edges.flatMap(({ from, to }) => [from, to]);
    expect(parties).not.toContain("prometheus");
    expect(parties).not.toContain("alertmanager");
    const written = edges.filter(({ to }) => to === "monitoring").map(({ from, port }) => `${from}:${port}`);
    expect(written).toEqual(["gateway:9090", "grafana:9090"]);
  });
});

describe("the edges to an existing Prometheus outside the cluster", () => {
  it("are those of gateways and Grafana, and nobody of it is let in", () => {
    const edges = planEdges(planTopology(withExternalPrometheus("production", { url: "https://a.example.org:9443" })));
    const out = edges.filter(({ to, port }) => to === "outside" && port === 9443).map(({ from }) => from);
    expect(out).toEqual(["gateway", "grafana"]);
    expect(edges.map(({ from }) => from)).not.toContain("monitoring");
  });
});
