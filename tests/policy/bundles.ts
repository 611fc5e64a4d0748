import { planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";
import { BUNDLE } from "../../infra/policy/read/ssh.ts";
import { readTar } from "../../infra/policy/read/tar.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { archivedProgram } from "../unit/ssh/host-fixture.ts";
import { urnOf } from "./processes.ts";

const PROGRAMS = { otelcol: archivedProgram("otelcol"), node_exporter: archivedProgram("node_exporter") };

/** The archive of an ssh host of `production`, from the real planner. */
export function archiveOf(host: string): Buffer {
  const deployables = planDeployables(planTopology(readEnvironment(PROJECT_ROOT, "production"), {}));
  const workloads = deployables.filter(({ runtime, machine }) => runtime === "ssh" && machine === host);
  return planBundle(
    { name: host, programs: PROGRAMS },
    workloads.map(({ workload }) => workload),
  ).archive;
}

/** The copy of an archive as the readers get it. */
export function bundleResource(host: string, files = readTar(archiveOf(host))): EngineResource {
  const type = "command:remote:CopyToRemote";
  return { type, urn: urnOf("production", type, `${host}-bundle`), props: { [BUNDLE]: files }, protect: false };
}
