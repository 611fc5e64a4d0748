import { rmSync } from "node:fs";
import { delimiter } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeObject } from "../support/cluster/api.ts";
import type { Cluster } from "../support/cluster/cluster.ts";
import { MISSING_IMAGE } from "../support/cluster/stages.ts";
import { SshHosts } from "../support/cluster/ssh-hosts.ts";
import { POOL, startStack, stopStack } from "../support/cluster/start-stack.ts";
import { pluginPath } from "../support/plugins/plugin-path.ts";
import type { Ran, TestEnvironment } from "../support/test-environment.ts";

const NAMESPACES = ["gpu-observability", "gpu-observability-hosts"];
const CONTROLLERS = ["statefulsets", "deployments", "daemonsets"];
const GPU_NODES = 3;
/** Prints what serves on a host, what its version is, and what is left of the platform. */
const SERVING = "systemctl is-active gpu-observability-agent gpu-observability-node-exporter";
const VERSION = "readlink /etc/gpu-observability/current; systemctl show -p MainPID --value gpu-observability-agent";
const LEFT =
  "ls -d /etc/gpu-observability* /opt/gpu-observability* /etc/systemd/system/gpu-observability* 2>/dev/null; true";

/** What each stack has beside its file: services of somebody else's, which stand-ins keep. */
const BESIDE = {
  // Its policy refuses to let volumes go: production keeps them.
  staging: [
    // No ingress: whoever runs the external Grafana shows it to people.
    "kubernetes.ingress=null",
    "kubernetes.keepData=false",
    "grafana={ enabled: false, external: { url: 'https://grafana.example.org', token: grafanaToken } }",
  ],
  production: ["datadog={ enabled: true, notify: ['@on-call'] }"],
} as const;

const obstacle = SshHosts.obstacle();
if (obstacle !== undefined) console.log(`off in staging and production: hosts over ssh: ${obstacle}`);

interface Controller extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: {
    readonly readyReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
  };
}

describe.each(["staging", "production"] as const)("%s on a real API server", (stack) => {
  let cluster: Cluster;
  let environment: TestEnvironment;
  let hosts: SshHosts | undefined;
  const plugins = pluginPath();

  /** What a command prints on each host over ssh. */
  const onHosts = async (command: string) => {
    const answers = (await hosts?.run(command)) ?? [];
    for (const { status, stderr } of answers) expect(status, stderr).toBe(0);
    return answers.map(({ stdout }) => stdout);
  };
  const controllers = async () => {
    const paths = NAMESPACES.flatMap((namespace) =>
      CONTROLLERS.map((kind) => `/apis/apps/v1/namespaces/${namespace}/${kind}`),
    );
    return (await Promise.all(paths.map((path) => cluster.api.list<Controller>(path)))).flat();
  };
  /** Revisions of what makes the pods: a changed one is a rollout. */
  const generations = async () =>
    Object.fromEntries((await controllers()).map(({ metadata }) => [metadata.name, metadata.generation]));
  const up = (...set: readonly string[]): Promise<Ran> =>
    environment.run("up", ...set.flatMap((value) => ["--set", value]));

  beforeAll(async () => {
    hosts = obstacle === undefined ? await SshHosts.boot(stack) : undefined;
    ({ cluster, environment } = await startStack(stack, {
      overrides: BESIDE[stack],
      hosts: hosts?.overrides ?? [POOL],
      env: { PATH: `${plugins}${delimiter}${process.env["PATH"] ?? ""}` },
      gpuNodes: GPU_NODES,
      ...(hosts === undefined ? {} : { secrets: { sshPrivateKey: hosts.privateKey } }),
    }));
  }, 300_000);

  afterAll(async () => {
    await stopStack({ cluster, environment });
    await hosts?.end();
    rmSync(plugins, { recursive: true, force: true });
  }, 60_000);

  it("previews with the policy pack, and makes nothing", async () => {
    const { code, output } = await environment.run("preview");
    expect(code, output.slice(-4000)).toBe(0);
    expect(output).toMatch(/\+ \d+ to create/);
    expect(output).toMatch(stack === "staging" ? / \+ {2}grafana:\S+ / : / \+ {2}datadog:\S+ /);
    if (hosts !== undefined) expect(output).toMatch(/ \+ {2}command:remote:Command \S+-apply/);
    expect(await controllers()).toEqual([]);
    expect((await onHosts(LEFT)).join("")).toBe("");
  }, 300_000);

  it("comes up until every pod is ready, agents and exporters on exactly the GPU nodes", async () => {
    const { code, output, seconds } = await up();
    expect(code, output.slice(-6000)).toBe(0);
    const all = await controllers();
    console.log(`${stack}: up in ${seconds.toFixed(1)} s, ${all.length} controllers`);
    for (const { metadata, spec, status } of all) {
      const wanted = spec.replicas ?? GPU_NODES;
      expect(status.readyReplicas ?? status.numberReady, metadata.name).toBe(wanted);
      if (spec.replicas === undefined) expect(status.desiredNumberScheduled).toBe(GPU_NODES);
    }
    for (const serving of await onHosts(SERVING)) expect(serving).toBe("active\nactive\n");
  }, 300_000);

  it("changes nothing in a refresh", async () => {
    const before = [await generations(), await onHosts(VERSION)];
    const { code, output } = await environment.engine("refresh");
    expect(code, output.slice(-4000)).toBe(0);
    expect(output).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
    expect([await generations(), await onHosts(VERSION)]).toEqual(before);
  }, 300_000);

  it("changes nothing when nothing has changed", async () => {
    const before = [await generations(), await onHosts(VERSION)];
    const { code, output, seconds } = await up();
    expect(code, output.slice(-4000)).toBe(0);
    console.log(`${stack}: unchanged in ${seconds.toFixed(1)} s`);
    expect(output).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
    expect([await generations(), await onHosts(VERSION)]).toEqual(before);
  }, 300_000);

  it("rolls the gateways alone when the sampling rate changes", async () => {
    const before = await generations();
    const installed = await onHosts(VERSION);
    const { code, output } = await up("sampling.default=0.33");
    expect(code, output.slice(-4000)).toBe(0);
    const after = await generations();
    const rolled = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(rolled).toEqual(["gateway"]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(await onHosts(VERSION)).toEqual(installed);
  }, 300_000);

  it("names the image that cannot be pulled within the deadline, loses nothing, and heals", async () => {
    const before = await controllers();
    const { code, output, seconds } = await up(
      `kubernetes.images={ prometheus: ${MISSING_IMAGE}.example.org/prometheus:v1 }`,
      "kubernetes.pullSeconds=1",
    );
    expect(code, output.slice(-4000)).not.toBe(0);
    console.log(`${stack}: a bad image failed after ${seconds.toFixed(1)} s`);
    expect(output).toContain(`Back-off pulling image "${MISSING_IMAGE}.example.org/prometheus:v1": not found`);
    expect((await controllers()).map(({ metadata }) => metadata.uid)).toEqual(
      before.map(({ metadata }) => metadata.uid),
    );
    const healed = await up();
    expect(healed.code, healed.output.slice(-4000)).toBe(0);
    for (const { metadata, spec, status } of await controllers()) {
      expect(status.readyReplicas ?? status.numberReady, metadata.name).toBe(spec.replicas ?? GPU_NODES);
    }
  }, 900_000);

  it(`leaves ${stack === "production" ? "nothing but its data" : "an empty cluster"} when destroyed`, async () => {
    const { code, output } = await environment.run("destroy");
    expect(code, output.slice(-4000)).toBe(0);
    const names = (await cluster.api.list("/api/v1/namespaces")).map(({ metadata }) => metadata.name);
    expect(names.filter((name) => NAMESPACES.includes(name))).toEqual(
      stack === "production" ? NAMESPACES.slice(0, 1) : [],
    );
    const claims = await cluster.api.list("/api/v1/namespaces/gpu-observability/persistentvolumeclaims");
    expect(claims.length > 0).toBe(stack === "production");
    expect(await controllers()).toEqual([]);
    expect((await onHosts(LEFT)).join("")).toBe("");
    const wide = ["/apis/rbac.authorization.k8s.io/v1/clusterroles", "/apis/scheduling.k8s.io/v1/priorityclasses"];
    for (const path of wide) {
      const left = (await cluster.api.list(path)).filter(({ metadata }) =>
        metadata.name.startsWith("gpu-observability"),
      );
      expect(left, path).toEqual([]);
    }
  }, 300_000);
});
