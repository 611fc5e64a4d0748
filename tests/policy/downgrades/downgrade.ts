import { parse } from "yaml";
import { toYaml } from "../../../components/core/yaml.ts";
import type { EngineResource } from "../../../infra/policy/read/engine-resource.ts";

/** A change for the worse, and the one rule that must notice. */
export interface Downgrade {
  /** Reads as what somebody did: "a collector without its memory limiter". */
  readonly name: string;
  /** The only rule it breaks. */
  readonly rule: string;
  /** Part of the message: what was found. */
  readonly says: string;
  readonly apply: (resources: readonly EngineResource[]) => readonly EngineResource[];
}

// Props are plain JSON of a shape that only its reader knows.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** Changes the properties of one resource, named `StatefulSet gateway`. */
export function edit(which: string, change: (props: Json) => void): Downgrade["apply"] {
  const [kind = "", name = ""] = which.split(" ");
  return (resources) => {
    if (!resources.some((resource) => is(resource, kind, name))) throw new Error(`there is no ${which}`);
    return resources.map((resource) => {
      if (!is(resource, kind, name)) return resource;
      const props = structuredClone(resource.props);
      change(props);
      return { ...resource, props };
    });
  };
}

/** Leaves one resource out. */
export function drop(which: string): Downgrade["apply"] {
  const [kind = "", name = ""] = which.split(" ");
  return (resources) => resources.filter((resource) => !is(resource, kind, name));
}

/** Changes the pod specification of a workload. */
export function editPod(which: string, change: (spec: Json) => void): Downgrade["apply"] {
  return edit(which, (props) => change(props.spec.template.spec));
}

/** Changes the first container of a workload. */
export function editContainer(which: string, change: (container: Json) => void): Downgrade["apply"] {
  return editPod(which, (spec) => change(spec.containers[0]));
}

/** Changes a YAML file of a workload's ConfigMap. */
export function editFile(workload: string, file: string, change: (tree: Json) => void): Downgrade["apply"] {
  return edit(`ConfigMap ${workload}`, (props) => {
    const key = Object.keys(props.data).find((name) => name.endsWith(file));
    if (key === undefined) throw new Error(`${workload} has no ${file}`);
    const tree: Json = parse(props.data[key]);
    change(tree);
    props.data[key] = toYaml(tree);
  });
}

export const COLLECTOR = "otel-collector-config.yaml";

/** Object names are unique in a kind, but for what follows the hash of a ConfigMap's content. */
function is({ type, urn }: EngineResource, kind: string, name: string): boolean {
  const label = urn.split("::").at(-1)?.split("/").at(-1) ?? "";
  return type.endsWith(`:${kind}`) && (label === name || label.replace(/-[0-9a-f]{16}$/, "") === name);
}
