import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Workload } from "../../components/runtime/workload.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../infra/environment/schema.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { NETWORKS } from "../support/networks.ts";
import { program } from "../support/programs.ts";
import { relocate } from "../support/relocate.ts";

const HOST = `${NETWORKS.started}.1`;

// `otelcol validate` passes configurations that cannot start: a missing extension, a missing file.
describe.each(ENVIRONMENT_NAMES)("every collector of %s", (name) => {
  const committed = readEnvironment(PROJECT_ROOT, name);
  const environment = { ...committed, network: { ...committed.network, loopback: NETWORKS.started } };
  const collectors = planDeployables(planTopology(environment, OFFLINE))
    .map(({ workload }) => workload)
    // One that asks an API server about pods is started beside one: tests/kubernetes/agent.test.ts.
    .filter(({ program, hostAccess }) => program === "otelcol" && hostAccess?.podNames !== true);

  it.each(collectors.map((workload) => [workload.name, workload] as const))(
    "%s starts and says it is healthy",
    async (_, workload) => {
      const at = await relocate(workload, HOST, HOST);
      const child = spawn(program("otelcol"), at.args, {
        cwd: at.folder,
        env: { PATH: process.env["PATH"] ?? "", ...at.env },
      });
      let log = "";
      child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
      try {
        expect(await becomesHealthy(workload, child), log.slice(-4000)).toBe(true);
        expect(log).not.toMatch(/deprecated/i);
      } finally {
        child.kill("SIGKILL");
        at.remove();
      }
    },
  );
});

async function becomesHealthy({ health, ports }: Workload, child: ChildProcess): Promise<boolean> {
  const listener = ports[health.port];
  if (listener === undefined) return false;
  const host = ["0.0.0.0", "127.0.0.1"].includes(listener.host) ? HOST : listener.host;
  for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt += 1) {
    const answer = await fetch(`http://${host}:${listener.port}${health.path}`).catch(() => undefined);
    if (answer?.ok === true) return true;
    await sleep(200);
  }
  return false;
}
