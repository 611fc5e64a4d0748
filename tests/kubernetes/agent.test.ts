import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderManifests } from "../../components/runtime/kubernetes/manifests.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { planKubernetes } from "../../infra/deploy/kubernetes.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { Cluster, type Rule } from "../support/cluster/cluster.ts";
import { program } from "../support/programs.ts";
import { NETWORKS } from "../support/networks.ts";
import { relocate } from "../support/relocate.ts";

const HOST = `${NETWORKS.agentOfNode}.1`;
const HEALTH = `http://${HOST}:13133/`;

describe("the agent of a node", () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  }, 120_000);
  afterAll(() => cluster.stop());

  /** Starts production's node agent as a user of these rights; what it said, and whether it became healthy. */
  async function startAs(user: string, rulesOf: (role: readonly Rule[]) => readonly Rule[]) {
    const topology = planTopology(readEnvironment(PROJECT_ROOT, "production"));
    const agent = planDeployables(topology).find(
      ({ runtime, workload }) => runtime === "kubernetes" && workload.service === "agent",
    )?.workload;
    if (agent === undefined) throw new Error("production has no agent on Kubernetes");
    const role = renderManifests(agent, planKubernetes(topology)).find(({ kind }) => kind === "ClusterRole");
    const { rules } = role as unknown as { rules: readonly Rule[] };
    const kubeconfig = await cluster.userKubeconfig(user, rulesOf(rules));
    // Outside of a pod the same rights come by a kubeconfig.
    const files = Object.entries(agent.files).map(([path, text]) => [
      path,
      text.replace("auth_type: serviceAccount", "auth_type: kubeConfig"),
    ]);
    const at = await relocate({ ...agent, files: Object.fromEntries(files) as Record<string, string> }, HOST, HOST);
    const env = { PATH: process.env["PATH"] ?? "", ...at.env, KUBECONFIG: kubeconfig };
    const child = spawn(program("otelcol"), at.args, { cwd: at.folder, env });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
    try {
      let isHealthy = false;
      for (let left = 100; left > 0 && !isHealthy && child.exitCode === null; left -= 1) {
        isHealthy = (await fetch(HEALTH).catch(() => undefined))?.ok === true;
        if (!isHealthy) await sleep(200);
      }
      await sleep(3_000);
      return { isHealthy, log };
    } finally {
      child.kill("SIGKILL");
      at.remove();
    }
  }

  it("starts with the rights its role gives it, and is refused nothing it asks the API server for", async () => {
    const { isHealthy, log } = await startAs("node-agent", (rules) => rules);
    expect(isHealthy, log.slice(-4000)).toBe(true);
    expect(log).not.toMatch(/forbidden/i);
  }, 60_000);

  it("rejects nothing silently: without those rights its log says what it may not list", async () => {
    const { log } = await startAs("stranger", () => []);
    expect(log).toMatch(/replicasets\.apps is forbidden: User \\*"stranger/);
  }, 60_000);
});
