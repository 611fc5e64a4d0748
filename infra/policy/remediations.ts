import { isTree, treeAt } from "./read/known.ts";

/**
 * A change that is always right, made to the inputs of a resource in place: a copy would lose which of them are
 * secret, and touch those that are not known yet.
 */
export interface Remediation {
  /** Kebab-case, unique in the pack. */
  readonly name: string;
  readonly description: string;
  /** Whether it looks at resources of this type. */
  readonly appliesTo: (type: string) => boolean;
  /** Says whether it changed anything. */
  readonly mend: (props: Record<string, unknown>) => boolean;
}

const RUNS_PODS = /^kubernetes:(apps\/v1:(StatefulSet|Deployment|DaemonSet)|batch\/v1:Job)$/;

/** Labels with one right value. */
const CONSTANT_LABELS: Readonly<Record<string, string>> = {
  "app.kubernetes.io/part-of": "gpu-observability",
  "app.kubernetes.io/managed-by": "pulumi",
};

export const REMEDIATIONS: readonly Remediation[] = [
  {
    name: "complete-labels",
    description: "Adds app.kubernetes.io/part-of and managed-by to a Kubernetes object that lacks them.",
    appliesTo: (type) => type.startsWith("kubernetes:") && !/List$/.test(type),
    mend: addLabels,
  },
  {
    name: "drop-api-token",
    description: "Gives no API token to pods of the default service account, which nothing is bound to.",
    appliesTo: (type) => RUNS_PODS.test(type),
    mend: dropToken,
  },
];

function addLabels(props: Record<string, unknown>): boolean {
  const metadata = mutable(props, "metadata");
  if (metadata === undefined) return false;
  const labels = mutable(metadata, "labels") ?? {};
  const absent = Object.entries(CONSTANT_LABELS).filter(([label]) => !(label in labels));
  for (const [label, value] of absent) labels[label] = value;
  if (absent.length > 0) metadata["labels"] = labels;
  return absent.length > 0;
}

function dropToken(props: Record<string, unknown>): boolean {
  const template = treeAt(props, "spec", "template");
  const pod = mutable(template, "spec");
  const account = pod?.["serviceAccountName"] ?? "default";
  if (pod === undefined || account !== "default" || "automountServiceAccountToken" in pod) return false;
  pod["automountServiceAccountToken"] = false;
  return true;
}

function mutable(owner: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> | undefined {
  const found = owner[key];
  return isTree(found) ? (found as Record<string, unknown>) : undefined;
}
