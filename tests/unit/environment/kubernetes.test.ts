import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { customKindsOf } from "../../../infra/environment/custom-kinds.ts";
import { KUBERNETES_PROGRAMS } from "../../../infra/environment/kubernetes-rules.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { messageOf } from "../../support/problems.ts";

const ingress = (tls: string, host = "grafana.example.org") => `kubernetes.ingress={ host: ${host}, tls: ${tls} }`;
const ISSUER = "{ issuer: { name: acme } }";
const SECRET = "{ secretName: wildcard }";
const staging = (...set: readonly string[]) => parseEnvironment(["staging", ...set.flatMap((one) => ["--set", one])]);
const dev = (...set: readonly string[]) => parseEnvironment(["dev", ...set.flatMap((one) => ["--set", one])]);

/** The one problem of an environment. */
function problemOf(load: () => unknown): string {
  const text = messageOf(load);
  expect(text).toMatch(/^1 problem:/);
  return text;
}

describe("kubernetes.ingress", () => {
  it("takes an issuer of the cluster unless it is said to be of the namespace", () => {
    expect(staging(ingress(ISSUER)).kubernetes.ingress?.tls).toEqual({
      issuer: { name: "acme", kind: "ClusterIssuer" },
    });
  });

  it("rejects an environment that does not run on Kubernetes", () => {
    const text = problemOf(() => dev(ingress(SECRET)));
    expect(text).toContain("--set kubernetes.ingress");
    expect(text).toContain("Grafana runs with runtime docker, where no ingress reaches it");
  });

  it("rejects an environment without Grafana", () => {
    const text = problemOf(() => staging(ingress(SECRET), "grafana={ enabled: false }"));
    expect(text).toContain("expected  a Grafana to show");
    expect(text).toContain("set grafana.enabled: true, or remove kubernetes.ingress");
  });

  it("rejects a Grafana that somebody else runs", () => {
    const external = "grafana={ enabled: false, external: { url: https://grafana.example.org, token: grafanaToken } }";
    expect(problemOf(() => staging(ingress(SECRET), external))).toContain(
      "remove kubernetes.ingress, or grafana.external",
    );
  });

  it.each(["Grafana.example.org", "grafana", "https://grafana.example.org", "*.example.org"])(
    "rejects the host %s",
    (host) => {
      expect(problemOf(() => staging(ingress(SECRET, JSON.stringify(host))))).toContain("a full name in lower case");
    },
  );

  it.each([ISSUER, SECRET])(
    "rejects an annotation that asks cert-manager for a second certificate, with tls: %s",
    (tls) => {
      const asking = "kubernetes.ingress.annotations={ cert-manager.io/cluster-issuer: acme, a.example/b: c }";
      const text = problemOf(() => staging(ingress(tls), asking));
      expect(text).toContain("kubernetes.ingress.annotations\n");
      expect(text).toContain("got       cert-manager.io/cluster-issuer\n");
      expect(text).toContain("kubernetes.ingress.tls.issuer");
      expect(
        staging(ingress(tls), "kubernetes.ingress.annotations={ a.example/b: c }").kubernetes.ingress,
      ).toBeDefined();
    },
  );

  it("rejects an ingress without TLS", () => {
    const text = problemOf(() => staging("kubernetes.ingress={ host: grafana.example.org }"));
    expect(text).toContain("kubernetes.ingress.tls");
  });
});

describe("custom kinds", () => {
  it("are cert-manager's where an issuer is named, and none otherwise", () => {
    expect(customKindsOf(staging(ingress(ISSUER)))).toMatchObject([
      { group: "cert-manager.io", version: "v1", kind: "Certificate", because: "kubernetes.ingress.tls.issuer" },
    ]);
    expect(customKindsOf(staging(ingress(SECRET)))).toEqual([]);
    expect(customKindsOf(staging())).toEqual([]);
  });
});

describe("keys by program and by service", () => {
  it("are those of what runs on Kubernetes", () => {
    const workloads = planDeployables(planTopology(staging("greptimedb.enabled=true")))
      .filter(({ runtime }) => runtime === "kubernetes")
      .map(({ workload }) => [workload.service, workload.program]);
    expect(Object.fromEntries(workloads)).toEqual(KUBERNETES_PROGRAMS);
  });

  it("rejects an image of a program that is not the platform's, and names those that are", () => {
    const text = problemOf(() => staging("kubernetes.images={ prometeus: registry.example.org/prometheus:v3 }"));
    expect(text).toContain("kubernetes.images.prometeus");
    expect(text).toContain("loki, node_exporter, otelcol, prometheus, tempo");
  });

  it("rejects annotations of a service that is not the platform's, and names those that are", () => {
    const text = problemOf(() => staging("kubernetes.serviceAccountAnnotations={ otelcol: { a: b } }"));
    expect(text).toContain("kubernetes.serviceAccountAnnotations.otelcol");
    expect(text).toContain("agent, alertmanager, dcgm-exporter, gateway");
  });
});
