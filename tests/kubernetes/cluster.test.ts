import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CATALOGUE } from "../../infra/toolchain/catalogue.ts";
import { Api, ApiError, collectionOf, type KubeObject, pathOf } from "../support/cluster/api.ts";
import { Cluster, type Conditioned, isReady } from "../support/cluster/cluster.ts";
import { MISSING_IMAGE } from "../support/cluster/stages.ts";
import { listeningOf } from "../support/listening.ts";

const IMAGE = "registry.example/program:1.0.0";
const RESTRICTED = "restricted-place";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.addNodes(2, { gpu: false });
  await cluster.addNodes(3, { gpu: true, tainted: true });
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: RESTRICTED, labels } });
  const { version, startMs, memory } = cluster;
  console.log(
    `Kubernetes ${version} ready after ${(startMs / 1000).toFixed(1)} s; MiB in use: ${JSON.stringify(memory)}`,
  );
});

afterAll(() => cluster?.stop());

interface Workload extends KubeObject {
  readonly status?: { readonly readyReplicas?: number; readonly numberReady?: number };
}

interface Pod extends Conditioned {
  readonly spec: { readonly nodeName?: string };
}

function podSpec(more: object = {}, image = IMAGE): object {
  return {
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      { name: "main", image, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
    ],
    ...more,
  };
}

function setOf(kind: string, name: string, spec: object, pod: object): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: RESTRICTED },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod }, ...spec },
  };
}

async function create(object: KubeObject, isDone: (status: Workload["status"]) => boolean): Promise<void> {
  await cluster.api.create(object);
  const { kind, metadata } = object;
  await cluster.waitFor(`${kind} ${metadata.name}`, 30, async () =>
    isDone((await cluster.api.get<Workload>(pathOf(object))).status),
  );
}

const podsOf = (name: string): Promise<readonly Pod[]> =>
  cluster.api.list<Pod>(`/api/v1/namespaces/${RESTRICTED}/pods?labelSelector=app%3D${name}`);

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "accepted",
    (error: unknown) => error,
  );

describe("the cluster of the tests", () => {
  it("is of the versions that are pinned, listens on loopback only, and keeps its keys to itself", async () => {
    expect(cluster.version).toBe(`v${CATALOGUE.sources["kubernetes"]?.version}`);
    const listening = cluster.pids.flatMap(listeningOf);
    // etcd's for clients and for peers, and the API server's.
    expect(listening).toHaveLength(3);
    for (const address of listening) expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const secret = readdirSync(cluster.folder).filter((file) => /key\.pem$|tokens\.pem$|kubeconfig$/.test(file));
    expect(secret.length).toBeGreaterThanOrEqual(7);
    for (const file of secret) expect(statSync(join(cluster.folder, file)).mode & 0o077, file).toBe(0);
  });

  it("has nodes that become ready, with GPUs where they are asked for", async () => {
    const nodes = await cluster.api.list<Conditioned & { status: { capacity: Record<string, string> } }>(
      "/api/v1/nodes",
    );
    expect(nodes.filter(isReady).map(({ metadata }) => metadata.name)).toEqual([
      "cpu-0",
      "cpu-1",
      "gpu-0",
      "gpu-1",
      "gpu-2",
    ]);
    expect(nodes.map(({ status }) => status.capacity["nvidia.com/gpu"] ?? "0")).toEqual(["0", "0", "8", "8", "8"]);
  });

  it("runs a Deployment of two, away from nodes whose taint it does not tolerate", async () => {
    await create(setOf("Deployment", "pair", { replicas: 2 }, podSpec()), (status) => status?.readyReplicas === 2);
    const nodes = (await podsOf("pair")).map(({ spec }) => spec.nodeName);
    expect(nodes).toHaveLength(2);
    for (const node of nodes) expect(node).toMatch(/^cpu-/);
  });

  it("runs a DaemonSet on exactly the GPU nodes", async () => {
    const pod = podSpec({
      nodeSelector: { "nvidia.com/gpu.present": "true" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
    });
    await create(setOf("DaemonSet", "agent", {}, pod), (status) => status?.numberReady === 3);
    expect((await podsOf("agent")).map(({ spec }) => spec.nodeName).sort()).toEqual(["gpu-0", "gpu-1", "gpu-2"]);
  });

  it("gives each replica of a StatefulSet a volume of its own, and takes it back", async () => {
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    const set = setOf(
      "StatefulSet",
      "store",
      { replicas: 2, serviceName: "store", volumeClaimTemplates: [claim] },
      podSpec(),
    );
    await create(set, (status) => status?.readyReplicas === 2);
    const claims = `/api/v1/namespaces/${RESTRICTED}/persistentvolumeclaims`;
    const bound = await cluster.api.list<Conditioned>(claims);
    expect(bound.map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([
      ["data-store-0", "Bound"],
      ["data-store-1", "Bound"],
    ]);
    await cluster.api.delete(pathOf(set));
    for (const { metadata } of bound) await cluster.api.delete(`${claims}/${metadata.name}`);
    await cluster.waitFor("the volumes to go", 30, async () => {
      return (await cluster.api.list("/api/v1/persistentvolumes")).length === 0;
    });
  });

  it("never gets a pod ready whose image cannot be pulled", async () => {
    const image = `registry.example/${MISSING_IMAGE}:1.0.0`;
    const deployment = setOf("Deployment", "stuck", { replicas: 1 }, podSpec({}, image));
    await cluster.api.create(deployment);
    const waiting = async (): Promise<boolean> => JSON.stringify(await podsOf("stuck")).includes("ImagePullBackOff");
    await cluster.waitFor("the pod to say so", 30, waiting);
    expect((await podsOf("stuck")).filter(isReady)).toEqual([]);
    await cluster.api.patch(pathOf(deployment), { spec: { template: { spec: podSpec() } } });
    await cluster.waitFor("the healed pod", 30, async () => (await podsOf("stuck")).filter(isReady).length === 1);
  });

  it("rejects a privileged pod where Pod Security is restricted", async () => {
    const pod = podSpec({ containers: [{ name: "main", image: IMAGE, securityContext: { privileged: true } }] });
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "bold", namespace: RESTRICTED }, spec: pod };
    const error = await refusal(cluster.api.create(object));
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).code).toBe(403);
    expect((error as ApiError).message).toMatch(/violates PodSecurity "restricted:latest": privileged/);
  });

  it("rejects a field that the API does not know", async () => {
    const object = setOf("Deployment", "typo", { replica: 2 }, podSpec());
    expect((await refusal(cluster.api.create(object))) as Error).toMatchObject({
      message: expect.stringContaining('unknown field "spec.replica"') as string,
    });
  });

  it("rejects what a user's rules do not name, and a client without a certificate", async () => {
    const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] }];
    const file = await cluster.userKubeconfig("reader", rules);
    const { clusters, users } = parse(readFileSync(file, "utf8")) as {
      clusters: { cluster: Record<string, string> }[];
      users: { user: Record<string, string> }[];
    };
    const decode = (text = ""): string => Buffer.from(text, "base64").toString();
    const ca = decode(clusters[0]?.cluster["certificate-authority-data"]);
    const user = users[0]?.user ?? {};
    const reader = new Api(cluster.server, {
      ca,
      cert: decode(user["client-certificate-data"]),
      key: decode(user["client-key-data"]),
    });
    const nobody = new Api(cluster.server, { ca, cert: "", key: "" });
    const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: RESTRICTED } };
    try {
      expect(await reader.list(collectionOf(configMap))).not.toEqual([]);
      expect(await refusal(reader.create(configMap))).toMatchObject({ code: 403, reason: "Forbidden" });
      expect(await refusal(nobody.list(collectionOf(configMap)))).toMatchObject({ code: 401 });
    } finally {
      await Promise.all([reader.close(), nobody.close()]);
    }
  });
});
