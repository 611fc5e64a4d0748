import { renderFoundation, renderManifests } from "../../../components/runtime/kubernetes/manifests.ts";
import type { KubernetesSettings } from "../../../components/runtime/kubernetes/settings.ts";
import type { Workload } from "../../../components/runtime/workload.ts";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { planKubernetes } from "../../../infra/deploy/kubernetes.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { planTopology } from "../../../infra/topology/plan.ts";

/** An object as the API server gets it: values in the place of the engine's inputs. */
export interface PlainObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PlainSpec;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a spec differs by kind, and each test knows its own
export type PlainSpec = any;

/** An ingress whose certificate cert-manager issues, as `--set` takes it. */
export const INGRESS =
  "kubernetes.ingress={ host: grafana.example.org, namespace: edge, tls: { issuer: { name: acme } } }";

/**
 * Workloads of a stack that run on Kubernetes, and the settings they are rendered with.
 *
 * @param overrides - `path=value` for each value that is not the committed one
 */
export function planStack(
  name: "staging" | "production",
  ...overrides: readonly string[]
): {
  readonly workloads: readonly Workload[];
  readonly settings: KubernetesSettings;
} {
  const topology = planTopology(parseEnvironment([name, ...overrides.flatMap((value) => ["--set", value])]));
  const onKubernetes = planDeployables(topology).filter(({ runtime }) => runtime === "kubernetes");
  return { workloads: onKubernetes.map(({ workload }) => workload), settings: planKubernetes(topology) };
}

/** The workload of a service. */
export function workloadOf(workloads: readonly Workload[], service: string): Workload {
  const found = workloads.find((workload) => workload.service === service);
  if (found === undefined) throw new Error(`no ${service} among ${workloads.map(({ name }) => name).join(", ")}`);
  return found;
}

export function objectsOf(workload: Workload, settings: KubernetesSettings): readonly PlainObject[] {
  return plain(renderManifests(workload, settings));
}

export function foundationOf(settings: KubernetesSettings): readonly PlainObject[] {
  return plain(renderFoundation(settings));
}

export function ofKind(objects: readonly PlainObject[], kind: string): readonly PlainObject[] {
  return objects.filter((object) => object.kind === kind);
}

const CONTROLLERS = ["StatefulSet", "Deployment", "DaemonSet"];

export function controllerOf(objects: readonly PlainObject[]): PlainObject {
  const [controller, ...more] = objects.filter(({ kind }) => CONTROLLERS.includes(kind));
  if (controller === undefined || more.length > 0) throw new Error("expected one set, deployment or daemon set");
  return controller;
}

/** Spec of the pods of a workload. */
export function podOf(objects: readonly PlainObject[]): PlainSpec {
  return controllerOf(objects).spec.template.spec;
}

/** Absolute paths a container sees files at, from its projected volume. */
export function mountedFiles(pod: PlainSpec): readonly string[] {
  const { mountPath } = pod.containers[0].volumeMounts.find(({ name }: { name: string }) => name === "files") ?? {};
  const volume = pod.volumes.find(({ name }: { name: string }) => name === "files");
  const sources: readonly PlainSpec[] = volume?.projected.sources ?? [];
  return sources.flatMap(({ configMap, secret }) =>
    (configMap ?? secret).items.map(({ path }: { path: string }) => `${mountPath}/${path}`),
  );
}

/** Unknown to the API, so what travels is plain JSON. */
function plain(objects: readonly object[]): readonly PlainObject[] {
  return JSON.parse(JSON.stringify(objects)) as readonly PlainObject[];
}
