import { toJson } from "../../components/core/yaml.ts";
import type { Environment } from "../environment/schema.ts";
import { planTopology, type Unavailable } from "../topology/plan.ts";
import { planDeployables } from "./plan.ts";

/** Every file of an environment, by path `<workload>/<file>`; `workload.json` holds the rest of the workload. */
export function renderStack(environment: Environment, unavailable: Unavailable = {}): Readonly<Record<string, string>> {
  const entries = planDeployables(planTopology(environment, unavailable)).flatMap(({ workload, runtime, machine }) => {
    const { files, ...rest } = workload;
    return [
      [`${workload.name}/workload.json`, toJson({ runtime, machine, ...rest })],
      ...Object.entries(files).map(([path, content]) => [`${workload.name}/${path}`, content]),
    ];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
