import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { describeUnfinishedEntrance } from "../../infra/cli/entrance-kubernetes.ts";
import { clusterConfig } from "../../infra/cli/preflight-kubernetes.ts";
import type { Environment } from "../../infra/environment/schema.ts";
import { CERTIFICATE_DEFINITION } from "../support/cluster/cert-manager.ts";
import type { Cluster } from "../support/cluster/cluster.ts";
import { NAMESPACE, startStack, stopStack } from "../support/cluster/start-stack.ts";
import type { TestEnvironment } from "../support/test-environment.ts";
import { INGRESS } from "../unit/kubernetes/planned.ts";

/** What neither door nor certificate has to do with is left out, for it takes its time. */
const LEFT_OUT = ["jaeger.enabled=false", "greptimedb.enabled=false", "loki={ storage: { kind: disk } }"];
const OVERRIDES = [INGRESS, "kubernetes.keepData=false", "kubernetes.imagePullSecrets=[registry]", ...LEFT_OUT];
const INGRESS_PATH = `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/ingresses/grafana-ingress`;
const CERTIFICATE_PATH = `/apis/cert-manager.io/v1/namespaces/${NAMESPACE}/certificates/grafana-ingress`;

describe("staging behind an ingress on a real API server", () => {
  let cluster: Cluster;
  let environment: TestEnvironment;
  let described: Environment;

  beforeAll(async () => {
    ({ cluster, environment, described } = await startStack("staging", { overrides: OVERRIDES }));
    await cluster.api.create(CERTIFICATE_DEFINITION);
    await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    const metadata = { name: "registry", namespace: NAMESPACE };
    await cluster.api.create({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque" });
    vi.stubEnv("KUBECONFIG", cluster.kubeconfig);
  }, 180_000);

  afterAll(async () => {
    vi.unstubAllEnvs();
    await stopStack({ cluster, environment });
  });

  it("comes up without waiting for an address and a certificate, and says that both are missing", async () => {
    const { code, output, seconds } = await environment.run("up");
    expect(code, output.slice(-6000)).toBe(0);
    console.log(`staging with an ingress: up in ${seconds.toFixed(1)} s`);
    expect(output).toContain("ingress gpu-observability/grafana-ingress: no address yet");
    expect(output).toContain("certificate gpu-observability/grafana-ingress: not issued yet");
    expect(await cluster.api.get(INGRESS_PATH)).toMatchObject({
      spec: { rules: [{ host: "grafana.example.org" }], tls: [{ secretName: "grafana-ingress-tls" }] },
    });
    expect(await cluster.api.get(CERTIFICATE_PATH)).toMatchObject({
      spec: { secretName: "grafana-ingress-tls", dnsNames: ["grafana.example.org"], issuerRef: { name: "acme" } },
    });
  }, 300_000);

  it("takes up the namespace that somebody made for a registry's credentials", async () => {
    const path = `/api/v1/namespaces/${NAMESPACE}`;
    const { metadata } = await cluster.api.get(path);
    expect(metadata.labels).toHaveProperty(["pod-security.kubernetes.io/enforce"], "restricted");
    const pods = await cluster.api.list(`${path}/pods`);
    expect(pods.length).toBeGreaterThan(8);
    for (const { spec } of pods) expect(spec).toMatchObject({ imagePullSecrets: [{ name: "registry" }] });
    expect(await cluster.api.find(`${path}/secrets/registry`)).toBeDefined();
  });

  it("says nothing once a controller and an issuer have done their part, and names an ingress that is gone", async () => {
    const conditions = [{ type: "Ready", status: "False", message: "the order is pending" }];
    await cluster.api.patch(`${CERTIFICATE_PATH}/status`, { status: { conditions } });
    const still = await describeUnfinishedEntrance(clusterConfig(described), described);
    expect(still).toHaveLength(2);
    expect(still[1]).toContain("not issued yet (the order is pending)");
    await cluster.api.patch(`${CERTIFICATE_PATH}/status`, {
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
    await cluster.api.patch(`${INGRESS_PATH}/status`, { status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } });
    expect(await describeUnfinishedEntrance(clusterConfig(described), described)).toEqual([]);
    await cluster.api.delete(INGRESS_PATH);
    expect(await describeUnfinishedEntrance(clusterConfig(described), described)).toEqual([
      "ingress gpu-observability/grafana-ingress: cannot be read (status 404)",
    ]);
  });
});
