import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CERTIFICATE_DEFINITION } from "../support/cluster/cert-manager.ts";
import { Cluster } from "../support/cluster/cluster.ts";
import type { Ran } from "../support/test-environment.ts";
import { TestEnvironment } from "../support/test-environment.ts";
import { INGRESS } from "../unit/kubernetes/planned.ts";

const POOL = ["hosts=[{ name: gpu-nodes, runtime: kubernetes, gpus: 8 }]"];

const READ_CLAIMS = { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list", "watch"] };
const ALL_BUT_CLAIMS = [
  {
    apiGroups: ["apps", "policy", "autoscaling", "scheduling.k8s.io", "rbac.authorization.k8s.io", "networking.k8s.io"],
    resources: ["*"],
    verbs: ["*"],
  },
  {
    apiGroups: [""],
    resources: ["namespaces", "configmaps", "secrets", "services", "serviceaccounts", "pods", "nodes", "events"],
    verbs: ["*"],
  },
];

/** One `up` with a kubeconfig: what the user reads, and whether the state knows a resource. */
async function up(kubeconfig: string, overrides: readonly string[] = []): Promise<Ran> {
  const environment = new TestEnvironment("staging", {
    overrides: [...POOL, ...overrides],
    env: { KUBECONFIG: kubeconfig },
  });
  try {
    return await environment.run("up");
  } finally {
    environment.removeFolder();
  }
}

describe("`up` on a cluster that would refuse it", () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  }, 120_000);
  afterAll(() => cluster.stop());

  const namespaces = async () =>
    (await cluster.api.list("/api/v1/namespaces"))
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.startsWith("gpu-observability"));

  it("rejects a kubeconfig that is not there", async () => {
    const { code, output } = await up(join(cluster.folder, "no-such-file"));
    expect(code).toBe(1);
    expect(output).toContain("expected  a kubeconfig that says where the cluster is");
    expect(output).toContain("ENOENT");
  });

  it("rejects a context the kubeconfig does not have, and names those it has", async () => {
    const { code, output } = await up(cluster.kubeconfig, ["kubernetes.context=elsewhere"]);
    expect(code).toBe(1);
    expect(output).toContain("stacks/Pulumi.staging.yaml: kubernetes.context");
    expect(output).toContain("a context of the kubeconfig: test");
  });

  it("rejects an API server that does not answer", async () => {
    const file = join(cluster.folder, "unreachable.kubeconfig");
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "gone", cluster: { server: "https://127.0.0.1:9" } }],
        users: [{ name: "me", user: {} }],
        contexts: [{ name: "gone", context: { cluster: "gone", user: "me" } }],
        "current-context": "gone",
      }),
    );
    const { code, output } = await up(file);
    expect(code).toBe(1);
    expect(output).toContain("API server https://127.0.0.1:9 (context gone)");
  });

  it("rejects an issuer on a cluster without cert-manager, in one message, and makes nothing", async () => {
    const { code, output } = await up(cluster.kubeconfig, [INGRESS]);
    expect(code).toBe(1);
    expect(output).toContain("1 problem:");
    expect(output).toContain("stacks/Pulumi.staging.yaml: kubernetes.ingress.tls.issuer");
    expect(output).toContain("expected  a cluster that knows the kind Certificate of cert-manager.io/v1");
    expect(output).toContain("install cert-manager, or name a Secret that holds the certificate");
    expect(await namespaces()).toEqual([]);
  });

  it("knows cert-manager once it is installed, and rejects a user who may not write its kind or an ingress", async () => {
    await cluster.api.create(CERTIFICATE_DEFINITION);
    const path = "/apis/cert-manager.io/v1";
    await cluster.waitFor("the kind Certificate", 30, () => cluster.api.text(path).then(Boolean, () => false));
    const kinds = ["ingresses", "certificates"];
    const core = ["", "apps", "policy", "autoscaling", "scheduling.k8s.io", "rbac.authorization.k8s.io"];
    const file = await cluster.userKubeconfig("no-ingress", [
      { apiGroups: core, resources: ["*"], verbs: ["*"] },
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["*"] },
    ]);
    const { code, output } = await up(file, [INGRESS]);
    expect(code).toBe(1);
    expect(output).toContain("1 problem:");
    expect(output).not.toContain("a cluster that knows");
    for (const kind of kinds) expect(output).toContain(`${kind} (get, list, watch, create, patch, delete)`);
    expect(await namespaces()).toEqual([]);
  });

  it("rejects a user who may not read what it would wait for, or hand on what an agent asks", async () => {
    const all = { apiGroups: ["*"], resources: ["*"] };
    const file = await cluster.userKubeconfig("writer", [
      { ...all, verbs: ["create", "patch", "delete"] },
      { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] },
    ]);
    const { code, output } = await up(file);
    expect(code).toBe(1);
    expect(output).toContain("pods (get, list, watch)");
    expect(output).toContain("replicasets (get, list, watch)");
    expect(await namespaces()).toEqual([]);
  });

  it("rejects a user who may not create what is needed, and names every kind", async () => {
    const verbs = ["get", "list", "watch"];
    const file = await cluster.userKubeconfig("reader", [{ apiGroups: ["*"], resources: ["*"], verbs }]);
    const { code, output } = await up(file);
    expect(code).toBe(1);
    expect(output).toContain("reader may not: namespaces (create, patch, delete)");
    expect(output).toContain("namespace gpu-observability");
    expect(output).toContain("statefulsets (create, patch, delete)");
    expect(await namespaces()).toEqual([]);
  });

  it("rejects a user whose volumes could not be made larger, before an environment has any", async () => {
    const { code, output } = await up(await cluster.userKubeconfig("no-growth", [...ALL_BUT_CLAIMS, READ_CLAIMS]));
    expect(code).toBe(1);
    expect(output).toContain("1 problem:\n  namespace gpu-observability\n");
    expect(output).toContain("no-growth may not: persistentvolumeclaims (patch)");
    expect(await namespaces()).toEqual([]);
  });
});
