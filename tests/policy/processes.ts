import { planProcess } from "../../components/runtime/process/process-spec.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { OWN_PROGRAMS } from "../../infra/deploy/own-programs.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import type { EnvironmentName } from "../../infra/environment/schema.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";
import { planTopology } from "../../infra/topology/plan.ts";

/** What `local` gives the engine, from the real planner and renderers. */
export function localResources(): readonly EngineResource[] {
  const environment = readEnvironment(PROJECT_ROOT, "local");
  const topology = planTopology(environment, {});
  return planDeployables(topology).map(({ workload }) => {
    const script = OWN_PROGRAMS[workload.program];
    const command = script === undefined ? [`/programs/${workload.program}`] : ["/bin/node", `/project/${script}`];
    const options = { stateFolder: "/state", command, fingerprint: "", logCapMiB: 16 };
    const plan = planProcess(workload, options);
    const type = "pulumi-nodejs:dynamic/gpuobs/runtime:Process";
    return { type, urn: urnOf("local", type, workload.name), props: { ...plan }, protect: false };
  });
}

/** A URN as the engine writes it. */
export function urnOf(stack: EnvironmentName, type: string, name: string): string {
  return `urn:pulumi:${stack}::gpu-observability::${type}::${name}`;
}
