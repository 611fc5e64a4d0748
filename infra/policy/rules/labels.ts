import type { KubernetesObject, PolicyRule, Violation } from "../model.ts";
import { textMapAt } from "../read/known.ts";
import { isPodKind, templateOf, whereOf } from "../read/kubernetes-object.ts";

/** Labels of every object. */
const EVERYWHERE = ["app.kubernetes.io/part-of", "app.kubernetes.io/managed-by"] as const;

/** Labels of what runs a program, and of its pods: selectors, panels and people go by them. */
const OF_PROGRAMS = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"] as const;

/** Tools and people find what belongs together. */
export const labelsStandard: PolicyRule = {
  name: "labels-standard",
  description:
    "Every Kubernetes object carries app.kubernetes.io/part-of and managed-by, what runs a program and its pods also name, instance and component.",
  fix: "let the kubernetes runtime label it: components/runtime/kubernetes/labels.ts",
  check: ({ objects }) =>
    objects.flatMap((object) => {
      if (!isPodKind(object)) return missing(object, EVERYWHERE, object.labels, whereOf(object));
      const all = [...EVERYWHERE, ...OF_PROGRAMS];
      const pods = textMapAt(templateOf(object), "metadata", "labels");
      return [
        ...missing(object, all, object.labels, whereOf(object)),
        ...(object.kind === "Pod" ? [] : missing(object, all, pods, `${whereOf(object)}: pods`)),
      ];
    }),
};

function missing(
  { urn }: KubernetesObject,
  wanted: readonly string[],
  labels: Readonly<Record<string, string>>,
  where: string,
): Violation[] {
  const absent = wanted.filter((label) => (labels[label] ?? "") === "");
  return absent.length === 0 ? [] : [{ where, urn, what: `without ${absent.join(", ")}` }];
}
