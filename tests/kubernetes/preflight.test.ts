import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster } from "../support/cluster/cluster.ts";
import type { Ran } from "../support/test-environment.ts";
import { TestEnvironment } from "../support/test-environment.ts";

const POOL = ["hosts=[{ name: gpu-nodes, runtime: kubernetes, gpus: 8 }]"];

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
});
