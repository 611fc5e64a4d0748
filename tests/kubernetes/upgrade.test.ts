import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { secretsNeededBy } from "../../infra/environment/rules.ts";
import type { KubeObject } from "../support/cluster/api.ts";
import { Cluster } from "../support/cluster/cluster.ts";
import { PREVIOUS_COMMIT, PreviousVersion, previousVersionObstacle } from "../support/previous-version.ts";
import { type Ran, TestEnvironment } from "../support/test-environment.ts";

const NAMESPACE = "gpu-observability";
const SETS = `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets`;
const CLAIMS = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;
const SECRETS = `/api/v1/namespaces/${NAMESPACE}/secrets`;
const POOL = "hosts=[{ name: gpu-nodes, runtime: kubernetes, gpus: 8 }]";
/** What data, or the trust of every host, would go with. */
const BEARING = /:(StatefulSet|Namespace)$|\/security:(RandomToken|CertificateAuthority)$/;

const obstacle = previousVersionObstacle();
if (obstacle !== undefined) console.log(`skipped: an upgrade of the previous version: ${obstacle}`);

interface StatefulSet extends KubeObject {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

interface Secret extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

/** A resource as the engine's state has it; a replaced one was created later. */
interface Kept {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly created?: string;
}

describe.skipIf(obstacle !== undefined)(`an upgrade from ${PREVIOUS_COMMIT.slice(0, 7)} with data, and back`, () => {
  let cluster: Cluster;
  let previous: PreviousVersion;
  let current: TestEnvironment;
  let bearing: unknown;

  /** The previous version's commands, on the state of the current one. */
  const before = (command: string, args: readonly string[] = [], input = ""): Promise<Ran> => {
    const { stack, stateHome } = current;
    return previous.run({ stack, stateHome, set: [POOL], env: environmentOf(cluster) }, command, args, input);
  };
  const uidsOf = async (path: string) =>
    Object.fromEntries((await cluster.api.list(path)).map(({ metadata }) => [metadata.name, metadata.uid]));
  const kept = (): readonly Kept[] => {
    const file = join(current.folder, ".pulumi", "stacks", "gpu-observability", "staging.json");
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest: { resources: readonly Kept[] } };
    };
    return checkpoint.latest.resources.filter(({ type }) => BEARING.test(type));
  };
  /** Everything that may not be deleted, replaced or made anew. */
  const stateBearing = async () => ({
    sets: await uidsOf(SETS),
    claims: await uidsOf(CLAIMS),
    volumes: await uidsOf("/api/v1/persistentvolumes"),
    namespaces: await uidsOf("/api/v1/namespaces"),
    secrets: await uidsOf(SECRETS),
    resources: Object.fromEntries(kept().map(({ urn, id, created }) => [urn, { id, created }])),
    authority: readFileSync(join(current.folder, "operator", "ca.pem"), "utf8"),
    credentials: await credentials(),
  });
  /** What secrets hold but for certificates, which any change of a name issues anew. */
  const credentials = async () =>
    Object.fromEntries(
      (await cluster.api.list<Secret>(SECRETS)).map(({ metadata, data }) => [
        metadata.name,
        Object.entries(data).filter(([key]) => !/^tls__(cert|key)\.pem$/.test(key)),
      ]),
    );
  const expectReady = async () => {
    for (const { metadata, spec, status } of await cluster.api.list<StatefulSet>(SETS)) {
      expect(status.readyReplicas, metadata.name).toBe(spec.replicas);
    }
  };

  beforeAll(async () => {
    previous = new PreviousVersion();
    cluster = await Cluster.start();
    await cluster.addNodes(3, { gpu: false });
    await cluster.addNodes(1, { gpu: true });
    current = new TestEnvironment("staging", { overrides: [POOL], env: environmentOf(cluster) });
    for (const name of secretsNeededBy(readEnvironment(PROJECT_ROOT, "staging"))) await before("secret", [name], "v");
    const { code, output, seconds } = await before("up");
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`the previous version up in ${seconds.toFixed(1)} s`);
    bearing = await stateBearing();
  }, 240_000);

  afterAll(async () => {
    await cluster?.stop();
    current?.removeFolder();
    previous?.removeFolder();
  });

  it("starts from bound claims, tokens and an authority", async () => {
    expect(Object.keys(await uidsOf(CLAIMS)).length).toBeGreaterThan(10);
    expect(Object.keys(await uidsOf("/api/v1/persistentvolumes"))).toHaveLength(
      Object.keys(await uidsOf(CLAIMS)).length,
    );
    const types = new Set(kept().map(({ type }) => type.split(":").at(-1)));
    expect([...types].sort()).toEqual(["CertificateAuthority", "Namespace", "RandomToken", "StatefulSet"]);
  });

  it("keeps everything that bears state, and brings every copy to ready", async () => {
    const { code, output, seconds } = await current.run("up");
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`upgraded in ${seconds.toFixed(1)} s: ${changesIn(output)}`);
    expect(await stateBearing()).toEqual(bearing);
    await expectReady();
  }, 240_000);

  it("changes nothing the second time", async () => {
    const { code, output } = await current.run("up");
    expect(code, output.slice(-4000)).toBe(0);
    expect(output).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
  }, 240_000);

  it("rolls back to the previous version and keeps everything that bears state", async () => {
    const { code, output, seconds } = await before("up");
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`rolled back in ${seconds.toFixed(1)} s: ${changesIn(output)}`);
    expect(await stateBearing()).toEqual(bearing);
    await expectReady();
  }, 240_000);

  it("destroys what the previous version had made, all but the data", async () => {
    const claims = await uidsOf(CLAIMS);
    const { code, output } = await current.run("destroy");
    expect(code, output.slice(-4000)).toBe(0);
    expect(await uidsOf(SETS)).toEqual({});
    expect(await uidsOf(CLAIMS)).toEqual(claims);
  }, 240_000);
});

const environmentOf = ({ kubeconfig }: Cluster) => ({ KUBECONFIG: kubeconfig });

/** What the engine counts at its end: `~ 2 updated, 113 unchanged`. */
function changesIn(output: string): string {
  const summary = output.slice(output.lastIndexOf("Resources:"));
  return [...summary.matchAll(/\d+ (?:created|updated|replaced|deleted|unchanged)/g)].map(([text]) => text).join(", ");
}
