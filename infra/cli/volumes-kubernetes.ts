import {
  ApiException,
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  StorageV1Api,
  type V1StatefulSet,
} from "@kubernetes/client-node";
import { type Problem, throwIfAny } from "../../components/core/errors.ts";
import { toMiB } from "../../components/runtime/kubernetes/quantity.ts";
import {
  type FoundClaim,
  type FoundTemplate,
  planClaims,
  planSizes,
  type WantedClaim,
} from "../../components/runtime/kubernetes/volume-sizes.ts";
import { planKubernetes } from "../deploy/kubernetes.ts";
import { NAMESPACE } from "../topology/place.ts";
import { messageOf } from "./api-message.ts";
import { readResources } from "./engine.ts";
import { findQueuesLeftBehind, takeBackCopies } from "./fewer-copies.ts";
import { findForeignSets } from "./foreign-sets.ts";
import { clusterConfig } from "./preflight-kubernetes.ts";
import type { Prepared } from "./prepare.ts";
import { renewSet, restoreSets } from "./renew-set.ts";

/** Services whose environment says how large their volumes are, elsewhere than `<service>.volumeMiB`. */
const KEYS: Readonly<Record<string, string>> = { gateway: "gateways.queueMiB" };

/**
 * Brings the volumes of a cluster to the size that is wanted, before anything else is changed: the engine would replace
 * a set for it, because Kubernetes does not let the claims of one be changed, and leave every claim as it was. Claims
 * grow where they are. A set whose next copies should get other volumes is made anew around its running pods, none of
 * which ends. What an earlier `up` left half-way comes first.
 *
 * @throws {ConfigError} when a claim is too small and cannot grow, or the sets are not this environment's; nothing is changed then
 */
export async function fitVolumes({ environment, topology, deployables }: Prepared): Promise<void> {
  const config = clusterConfig(environment);
  const workloads = deployables.filter(({ runtime }) => runtime === "kubernetes").map(({ workload }) => workload);
  const wanted = planClaims(workloads, planKubernetes(topology));
  const apis = { apps: config.makeApiClient(AppsV1Api), core: config.makeApiClient(CoreV1Api) };
  await restoreSets(apis, () => readResources(environment));
  const sets = (await apis.apps.listNamespacedStatefulSet({ namespace: NAMESPACE })).items;
  const plan = planSizes(wanted, await readClaims(config), sets.flatMap(templatesOf));
  const context = config.getCurrentContext();
  const left = findQueuesLeftBehind(workloads, sets, { stack: environment.name, context });
  if (plan.grow.length + plan.renew.length + left.length > 0) {
    const touched = sets.filter(({ metadata }) => wanted.some(({ set }) => set === metadata?.name));
    throwIfAny(findForeignSets(touched, await readResources(environment), context));
  }
  throwIfAny([...left, ...plan.stuck.map((stuck) => toProblem(environment.name, stuck))]);
  await takeBackCopies(apis.apps, workloads, sets, () => readResources(environment));
  for (const { claim, sizeMiB } of plan.larger) {
    console.log(`${claim.name} keeps its ${claim.sizeMiB} MiB, where ${sizeMiB} are asked for: no claim ever shrinks`);
  }
  for (const { claim, sizeMiB } of plan.grow) {
    console.log(`${claim.name} grows from ${claim.sizeMiB} to ${sizeMiB} MiB`);
    await grow(config, claim.name, sizeMiB);
  }
  for (const name of plan.renew) {
    const set = sets.find(({ metadata }) => metadata?.name === name);
    if (set === undefined) continue;
    console.log(`${name}: the next copies get other volumes; its pods go on`);
    await renewSet(apis, set, wanted);
  }
}

async function readClaims(config: KubeConfig): Promise<readonly FoundClaim[]> {
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPersistentVolumeClaim({ namespace: NAMESPACE });
  if (items.length === 0) return [];
  const fixed = await readFixedClasses(config);
  return items.map(({ metadata, spec, status }) => {
    const storageClass = spec?.storageClassName ?? "";
    return {
      name: metadata?.name ?? "",
      sizeMiB: toMiB(spec?.resources?.requests?.["storage"] ?? "0"),
      storageClass,
      canGrow: !fixed.has(storageClass),
      isBound: status?.phase === "Bound",
      isLeaving: metadata?.deletionTimestamp !== undefined,
    };
  });
}

/** Classes whose volumes keep their size. A user who may not read them hears it from the claim itself. */
async function readFixedClasses(config: KubeConfig): Promise<ReadonlySet<string>> {
  try {
    const { items } = await config.makeApiClient(StorageV1Api).listStorageClass();
    const fixed = items.filter(({ allowVolumeExpansion }) => allowVolumeExpansion !== true);
    return new Set(["", ...fixed.map(({ metadata }) => metadata?.name ?? "")]);
  } catch (error) {
    if (error instanceof ApiException && error.code === 403) return new Set();
    throw error;
  }
}

function templatesOf({ metadata, spec }: V1StatefulSet): readonly FoundTemplate[] {
  return (spec?.volumeClaimTemplates ?? []).map((template) => ({
    set: metadata?.name ?? "",
    template: template.metadata?.name ?? "",
    sizeMiB: toMiB(template.spec?.resources?.requests?.["storage"] ?? "0"),
    storageClass: template.spec?.storageClassName,
  }));
}

async function grow(config: KubeConfig, name: string, sizeMiB: number): Promise<void> {
  const body = { spec: { resources: { requests: { storage: `${sizeMiB}Mi` } } } };
  try {
    await config
      .makeApiClient(CoreV1Api)
      .patchNamespacedPersistentVolumeClaim(
        { namespace: NAMESPACE, name, body },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      );
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    throwIfAny([refused(name, sizeMiB, error)]);
  }
}

function toProblem(stack: string, { wanted, claims }: { wanted: WantedClaim; claims: readonly FoundClaim[] }): Problem {
  const key = KEYS[wanted.service] ?? `${wanted.service}.volumeMiB`;
  const sizes = [...new Set(claims.map(({ sizeMiB }) => sizeMiB))];
  const classes = [...new Set(claims.map(({ storageClass }) => storageClass))];
  const names = claims.map(({ name }) => name).join(" ");
  const allow = classes.map(
    (one) => `kubectl patch storageclass ${one} --type merge -p '{"allowVolumeExpansion":true}'`,
  );
  return {
    path: `stacks/Pulumi.${stack}.yaml: ${key}`,
    expected: `at most the ${sizes.join(" or ")} MiB that ${names} have: storage class ${classes.join(", ")} lets no volume grow`,
    got: `${wanted.sizeMiB}`,
    fix: `set ${key} to ${Math.min(...sizes)}; or, where its driver can grow volumes: ${allow.join("; ")}; or see infra/runbooks/lifecycle.md`,
  };
}

function refused(name: string, sizeMiB: number, error: ApiException<unknown>): Problem {
  return {
    path: `persistentvolumeclaim ${NAMESPACE}/${name}`,
    expected: `to grow to ${sizeMiB} MiB`,
    got: messageOf(error),
    fix: "mend what it says, or set the size back, then run `up` again",
  };
}
