import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Environment } from "../../infra/environment/schema.ts";
import type { KubeObject } from "../support/cluster/api.ts";
import type { Cluster } from "../support/cluster/cluster.ts";
import { giveSecrets, NAMESPACE, startStack, stopStack } from "../support/cluster/start-stack.ts";
import type { TestEnvironment } from "../support/test-environment.ts";

const SETS = `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets`;
const CLAIMS = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;

interface StatefulSet extends KubeObject {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

describe("the life of an environment on Kubernetes", () => {
  let cluster: Cluster;
  let environment: TestEnvironment;
  let described: Environment;

  const up = (...set: readonly string[]) => environment.run("up", ...set.flatMap((value) => ["--set", value]));
  const uidsOf = async (path: string) =>
    Object.fromEntries((await cluster.api.list(path)).map(({ metadata }) => [metadata.name, metadata.uid]));

  beforeAll(async () => {
    ({ cluster, environment, described } = await startStack("staging", { gpuNodes: 1 }));
    const { code, output } = await up();
    expect(code, output.slice(-4000)).toBe(0);
  }, 240_000);

  afterAll(async () => {
    await stopStack({ cluster, environment });
  });

  it("renews every certificate without a moment at which a set has too few copies, and keeps what holds data", async () => {
    const before = { sets: await uidsOf(SETS), claims: await uidsOf(CLAIMS) };
    const least: Record<string, number> = {};
    let isRolling = true;
    const watch = (async () => {
      while (isRolling) {
        for (const { metadata, spec, status } of await cluster.api.list<StatefulSet>(SETS)) {
          if (spec.replicas < 2) continue;
          const ready = status.readyReplicas ?? 0;
          least[metadata.name] = Math.min(least[metadata.name] ?? ready, ready);
        }
        await sleep(100);
      }
    })();
    const { code, output, seconds } = await up("certificates.validityDays=60", "certificates.renewBeforeDays=20");
    isRolling = false;
    await watch;
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`certificates renewed in ${seconds.toFixed(1)} s; fewest copies ready: ${JSON.stringify(least)}`);
    // One copy at a time, which is what the disruption budgets allow.
    for (const { metadata, spec } of (await cluster.api.list<StatefulSet>(SETS)).filter(
      (one) => one.spec.replicas > 1,
    )) {
      expect(least[metadata.name], metadata.name).toBeGreaterThanOrEqual(spec.replicas - 1);
    }
    expect(output).not.toMatch(/StatefulSet.*(replaced|deleted)/);
    expect({ sets: await uidsOf(SETS), claims: await uidsOf(CLAIMS) }).toEqual(before);
  }, 240_000);

  it("keeps the volumes of a destroyed environment, and the next one takes them up again", async () => {
    const claims = await uidsOf(CLAIMS);
    expect(Object.keys(claims).length).toBeGreaterThan(0);
    const gone = await environment.run("destroy");
    expect(gone.code, gone.output.slice(-4000)).toBe(0);
    expect(await uidsOf(CLAIMS)).toEqual(claims);
    await giveSecrets(environment, described);
    const { code, output } = await up();
    expect(code, output.slice(-4000)).toBe(0);
    expect(await uidsOf(CLAIMS)).toEqual(claims);
  }, 300_000);

  it("rejects what a quota forbids with its own words, loses nothing, and heals once there is room", async () => {
    const before = { sets: await uidsOf(SETS), claims: await uidsOf(CLAIMS) };
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "full", namespace: NAMESPACE } };
    await cluster.api.create({ ...quota, spec: { hard: { "requests.storage": "1Mi", pods: "1" } } });
    // Every copy that goes for its new version cannot come back.
    const { code, output } = await up("kubernetes.pullSeconds=1", "sampling.default=0.4");
    expect(code).not.toBe(0);
    expect(output).toContain("exceeded quota: full");
    expect({ sets: await uidsOf(SETS), claims: await uidsOf(CLAIMS) }).toEqual(before);
    await cluster.api.delete(`/api/v1/namespaces/${NAMESPACE}/resourcequotas/full`);
    const healed = await up();
    expect(healed.code, healed.output.slice(-4000)).toBe(0);
  }, 600_000);
});
