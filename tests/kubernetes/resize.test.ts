import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import type { KubeObject } from "../support/cluster/api.ts";
import type { Cluster } from "../support/cluster/cluster.ts";
import { NAMESPACE, startStack, stopStack } from "../support/cluster/start-stack.ts";
import { STORAGE_CLASS } from "../support/cluster/start.ts";
import type { TestEnvironment } from "../support/test-environment.ts";

const SETS = `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets`;
const CLAIMS = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
/** Gateways of which Kubernetes may start no more. */
const FEWER = "gateways={ count: 2, queueMiB: 2048 }";
/** More than nodes, networks and policies can be told of: these are about volumes alone. */
const LARGER = ["prometheus.volumeMiB=30720", "gateways.queueMiB=2048"];

/** As a command takes them; what an environment is started with comes after, and would win. */
const settings = (...set: readonly string[]) => ["gateways.maxCount=4", ...set].flatMap((value) => ["--set", value]);

interface Claim extends KubeObject {
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

interface StatefulSet extends KubeObject {
  readonly spec: { readonly replicas: number; readonly volumeClaimTemplates?: readonly Claim[] };
  readonly status: { readonly readyReplicas?: number };
}

describe("volumes and copies of an environment that grows", () => {
  let cluster: Cluster;
  let environment: TestEnvironment;

  const up = (...set: readonly string[]) => environment.run("up", ...settings(...set));
  const sizesOf = async () =>
    Object.fromEntries(
      (await cluster.api.list<Claim>(CLAIMS)).map(({ metadata, spec }) => [
        metadata.name,
        spec.resources.requests.storage,
      ]),
    );
  const uidsOf = async (path: string, prefix = "") =>
    Object.fromEntries(
      (await cluster.api.list(path))
        .filter(({ metadata }) => metadata.name.startsWith(prefix))
        .map(({ metadata }) => [metadata.name, metadata.uid]),
    );
  const set = (name: string) => cluster.api.get<StatefulSet>(`${SETS}/${name}`);
  const templateOf = ({ spec }: StatefulSet) => spec.volumeClaimTemplates?.[0]?.spec.resources.requests.storage;

  beforeAll(async () => {
    // Claims that go with their set are those that a set made anew could lose.
    ({ cluster, environment } = await startStack("staging", { overrides: ["kubernetes.keepData=false"] }));
    const { code, output } = await up();
    expect(code, output.slice(-4000)).toBe(0);
  }, 240_000);

  afterAll(async () => {
    await stopStack({ cluster, environment });
  });

  it("leaves the gateways that Kubernetes added, unchanged or rolled", async () => {
    await cluster.api.patch(`${SETS}/gateway/scale`, { spec: { replicas: 3 } });
    const same = await up();
    expect(same.code, same.output.slice(-4000)).toBe(0);
    expect(same.output).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
    expect((await set("gateway")).spec.replicas).toBe(3);
    const rolled = await up("sampling.default=0.3");
    expect(rolled.code, rolled.output.slice(-4000)).toBe(0);
    const { spec, status } = await set("gateway");
    expect([spec.replicas, status.readyReplicas]).toEqual([3, 3]);
  }, 240_000);

  it("rejects volumes that cannot grow before anything is changed, with the key, the size and the commands", async () => {
    const before = { sizes: await sizesOf(), sets: await uidsOf(SETS) };
    const { code, output } = await up(...LARGER);
    expect(code).toBe(1);
    expect(output).toContain("2 problems:");
    expect(output).toContain("stacks/Pulumi.staging.yaml: gateways.queueMiB");
    expect(output).toContain(
      "at most the 1024 MiB that data-queue-gateway-0 data-queue-gateway-1 data-queue-gateway-2",
    );
    expect(output).toContain("set prometheus.volumeMiB to 20480");
    expect(output).toContain(`kubectl patch storageclass ${STORAGE_CLASS} --type merge`);
    expect({ sizes: await sizesOf(), sets: await uidsOf(SETS) }).toEqual(before);
  }, 120_000);

  it("grows volumes where they are, ends no pod for it, and gives later copies the new size", async () => {
    await cluster.api.patch(`/apis/storage.k8s.io/v1/storageclasses/${STORAGE_CLASS}`, { allowVolumeExpansion: true });
    const before = { claims: await uidsOf(CLAIMS), pods: await uidsOf(PODS, "prometheus") };
    const { code, output, seconds } = await up(...LARGER);
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`three queues and two volumes of Prometheus grown in ${seconds.toFixed(1)} s`);
    expect(output).not.toMatch(/StatefulSet.*(replaced|deleted|created)/);
    expect({ claims: await uidsOf(CLAIMS), pods: await uidsOf(PODS, "prometheus") }).toEqual(before);
    const sizes = await sizesOf();
    for (const copy of [0, 1, 2]) expect(sizes[`data-queue-gateway-${copy}`]).toBe("2Gi");
    for (const copy of [0, 1]) expect(sizes[`data-tsdb-prometheus-${copy}`]).toBe("30Gi");
    expect(sizes["data-badger-jaeger-0"]).toBe("20Gi");
    expect([templateOf(await set("gateway")), templateOf(await set("prometheus"))]).toEqual(["2Gi", "30Gi"]);
    // The copy that Kubernetes added is still there, and so is what it queued.
    expect((await set("gateway")).spec.replicas).toBe(3);
  }, 240_000);

  it("changes nothing the second time, shows no replacement in a preview, and a new copy gets the new size", async () => {
    const again = await up(...LARGER);
    expect(again.code, again.output.slice(-4000)).toBe(0);
    expect(again.output).not.toMatch(/\d+ (created|updated|deleted|replaced)|grows|other volumes/);
    const larger = settings("prometheus.volumeMiB=40960", "gateways.queueMiB=2048");
    const preview = await environment.run("preview", ...larger);
    expect(preview.code, preview.output.slice(-4000)).toBe(0);
    expect(preview.output).not.toMatch(/to replace/);
    await cluster.api.patch(`${SETS}/gateway/scale`, { spec: { replicas: 4 } });
    await cluster.waitFor("a fourth gateway", 60, async () => (await set("gateway")).status.readyReplicas === 4);
    expect((await sizesOf())["data-queue-gateway-3"]).toBe("2Gi");
  }, 240_000);

  it("never shrinks a volume, and says so", async () => {
    const claims = await uidsOf(CLAIMS);
    const { code, output } = await up("gateways.queueMiB=2048");
    expect(code, output.slice(-4000)).toBe(0);
    expect(output).toContain("data-tsdb-prometheus-0 keeps its 30720 MiB, where 20480 are asked for");
    expect((await sizesOf())["data-tsdb-prometheus-1"]).toBe("30Gi");
    expect(await uidsOf(CLAIMS)).toEqual(claims);
  }, 240_000);

  it("keeps the copies that Kubernetes added although an `up` was killed while they had no set", async () => {
    const gateway = `${SETS}/gateway`;
    await cluster.api.patch(gateway, { metadata: { finalizers: ["example.org/held"] } });
    const command = ["infra/cli/main.ts", "up", "staging", ...settings("gateways.queueMiB=3072")];
    const killed = spawn(process.execPath, [...command, ...environment.overrides], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig, XDG_STATE_HOME: environment.stateHome },
      stdio: "ignore",
    });
    await cluster.waitFor("the set to go", 60, async () =>
      Boolean((await cluster.api.find(gateway))?.metadata.deletionTimestamp),
    );
    killed.kill("SIGKILL");
    await cluster.api.patch(gateway, { metadata: { finalizers: null } });
    await cluster.waitFor("the set to be gone", 60, async () => (await cluster.api.find(gateway)) === undefined);
    const pods = await uidsOf(PODS, "gateway");
    expect(Object.keys(pods)).toHaveLength(4);
    const { code, output } = await up("gateways.queueMiB=2048");
    expect(code, output.slice(-4000)).toBe(0);
    expect(output).toContain("gateway: made again around its 4 pods");
    expect((await set("gateway")).spec.replicas).toBe(4);
    expect(await uidsOf(PODS, "gateway")).toEqual(pods);
    expect(await cluster.api.find(`/api/v1/namespaces/${NAMESPACE}/configmaps/gateway-noted`)).toBeUndefined();
  }, 240_000);

  it("rejects fewer gateways than run, names those whose queues would be left behind, and ends none", async () => {
    for (const [change, key] of [
      [FEWER, "gateways.count"],
      ["gateways.maxCount=3", "gateways.maxCount"],
    ] as const) {
      const { code, output } = await up(change);
      expect(code).toBe(1);
      expect(output).toContain(`1 problem:\n  stacks/Pulumi.staging.yaml: ${key}\n`);
      expect(output).toContain("at least the 4 copies that run: what");
      expect(output).toMatch(/kubectl --context \S+ -n gpu-observability scale statefulset gateway --replicas=[23]/);
    }
    expect((await set("gateway")).status.readyReplicas).toBe(4);
  }, 120_000);

  it("takes fewer once somebody has scaled them down, and more of its own again after that", async () => {
    await cluster.api.patch(`${SETS}/gateway/scale`, { spec: { replicas: 2 } });
    await cluster.waitFor("two gateways to end", 60, async () => (await set("gateway")).status.readyReplicas === 2);
    const fewer = await up(FEWER);
    expect(fewer.code, fewer.output.slice(-4000)).toBe(0);
    const more = await up(FEWER.replace("count: 2", "count: 3"));
    expect(more.code, more.output.slice(-4000)).toBe(0);
    expect((await set("gateway")).status.readyReplicas).toBe(3);
  }, 240_000);

  it("leaves no claim of an environment that keeps no data", async () => {
    const { code, output } = await environment.run("destroy");
    expect(code, output.slice(-4000)).toBe(0);
    expect(await cluster.api.find(`/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined();
  }, 240_000);
});
