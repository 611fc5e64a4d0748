import type { KubernetesObject } from "../model.ts";
import type { EngineResource } from "./engine-resource.ts";
import { textAt, textMapAt, treeAt } from "./known.ts";

/** Whether the Kubernetes provider makes resources of a type. */
export function isKubernetes(type: string): boolean {
  return type.startsWith("kubernetes:");
}

/** The object of a resource of the Kubernetes provider; nothing for any other resource. */
export function readObject({ type, urn, props, protect }: EngineResource): readonly KubernetesObject[] {
  if (!isKubernetes(type)) return [];
  const metadata = treeAt(props, "metadata");
  return [
    {
      urn,
      kind: textAt(props, "kind") || (type.split(":").at(-1) ?? ""),
      name: textAt(metadata, "name"),
      namespace: textAt(metadata, "namespace"),
      labels: textMapAt(metadata, "labels"),
      body: props,
      protect,
    },
  ];
}

/** Kinds whose objects run pods. */
export const POD_KINDS = ["StatefulSet", "Deployment", "DaemonSet", "Job", "CronJob", "Pod"] as const;

/** The pod template of an object that runs pods. */
export function templateOf({ kind, body }: KubernetesObject) {
  if (kind === "Pod") return body;
  return kind === "CronJob"
    ? treeAt(body, "spec", "jobTemplate", "spec", "template")
    : treeAt(body, "spec", "template");
}

export function isPodKind({ kind }: KubernetesObject): boolean {
  return POD_KINDS.some((known) => known === kind);
}

/** `StatefulSet gpu-observability/gateway`. */
export function whereOf({ kind, namespace, name }: KubernetesObject): string {
  return `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
}

/** Whether a label selector picks something with these labels; an empty one picks everything. */
export function selects(selector: object, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(textMapAt(selector, "matchLabels"));
  const expressions = (treeAt({ selector }, "selector")["matchExpressions"] as readonly object[] | undefined) ?? [];
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => matches(expression, labels))
  );
}

function matches(expression: object, labels: Readonly<Record<string, string>>): boolean {
  const { key = "", operator = "", values = [] } = expression as { key?: string; operator?: string; values?: string[] };
  const value = labels[key];
  switch (operator) {
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    default:
      return false;
  }
}
