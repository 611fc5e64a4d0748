import type { Workload } from "../workload.ts";
import { isStateful, scopeOf } from "./scope.ts";
import { placeholderSecrets } from "./secret.ts";
import type { KubernetesSettings } from "./settings.ts";
import { renderClaims } from "./volumes.ts";

/** What a set of copies should claim for each of them. */
export interface WantedClaim {
  /** Name of the set. */
  readonly set: string;
  readonly service: string;
  /** Name in the set's templates; the claim of a copy is `<template>-<set>-<number>`. */
  readonly template: string;
  readonly sizeMiB: number;
  /** @default whatever class the cluster gives */
  readonly storageClass?: string | undefined;
}

/** A claim as the cluster has it. */
export interface FoundClaim {
  readonly name: string;
  /** What it asks for, which a growing one has not yet got. */
  readonly sizeMiB: number;
  readonly storageClass: string;
  /** Whether its class lets it grow. */
  readonly canGrow: boolean;
  /** Whether it has its volume; before that nothing of it can be changed. */
  readonly isBound: boolean;
  /** Whether it goes away once nothing uses it, and another takes its place. */
  readonly isLeaving: boolean;
}

/** The template of a claim as a set in the cluster has it. */
export interface FoundTemplate {
  readonly set: string;
  readonly template: string;
  readonly sizeMiB: number;
  readonly storageClass?: string | undefined;
}

/** How claims come to the size that is wanted. */
export interface ClaimPlan {
  readonly grow: readonly { readonly claim: FoundClaim; readonly sizeMiB: number }[];
  /** Sets whose next copies would get other volumes than is wanted. */
  readonly renew: readonly string[];
  /** Claims that are too small and cannot grow. */
  readonly stuck: readonly { readonly wanted: WantedClaim; readonly claims: readonly FoundClaim[] }[];
  /** Claims that are larger than is wanted: none ever shrinks. */
  readonly larger: readonly { readonly claim: FoundClaim; readonly sizeMiB: number }[];
}

/** Every claim the sets of an environment should make. Pure. */
export function planClaims(workloads: readonly Workload[], settings: KubernetesSettings): readonly WantedClaim[] {
  return workloads
    .filter((workload) => workload.hostAccess === undefined && isStateful(workload))
    .flatMap((workload) => {
      const { name: set, service, volumes } = workload;
      const sizes = volumes.filter(({ stateful }) => stateful).map(({ sizeMiB }) => sizeMiB);
      return renderClaims(scopeOf(workload, settings, placeholderSecrets(workload))).map(({ metadata }, index) => ({
        set,
        service,
        template: metadata.name,
        sizeMiB: sizes[index] ?? 0,
        storageClass: settings.storageClass,
      }));
    });
}

/** What it takes from what is there to what is wanted. Pure. */
export function planSizes(
  wanted: readonly WantedClaim[],
  claims: readonly FoundClaim[],
  templates: readonly FoundTemplate[],
): ClaimPlan {
  const pairs = wanted.flatMap((one) => claimsOf(one, claims).map((claim) => ({ claim, wanted: one })));
  const bound = pairs.filter(({ claim }) => claim.isBound && !claim.isLeaving);
  const small = bound.filter((one) => one.claim.sizeMiB < one.wanted.sizeMiB);
  const stuck = small.filter(({ claim }) => !claim.canGrow);
  return {
    grow: small.filter(({ claim }) => claim.canGrow).map(toSize),
    renew: [...new Set(wanted.filter((one) => templates.some((found) => differs(one, found))).map(({ set }) => set))],
    stuck: wanted
      .map((one) => ({ wanted: one, claims: stuck.filter((pair) => pair.wanted === one).map(({ claim }) => claim) }))
      .filter((one) => one.claims.length > 0),
    larger: bound.filter((one) => one.claim.sizeMiB > one.wanted.sizeMiB).map(toSize),
  };
}

const toSize = ({ claim, wanted }: { claim: FoundClaim; wanted: WantedClaim }) => ({ claim, sizeMiB: wanted.sizeMiB });

/** Also those of copies that are not running, and of a set that is not there: the next one takes them up. */
function claimsOf({ template, set }: WantedClaim, claims: readonly FoundClaim[]): readonly FoundClaim[] {
  const prefix = `${template}-${set}-`;
  return claims.filter(({ name }) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)));
}

function differs(wanted: WantedClaim, found: FoundTemplate): boolean {
  if (wanted.set !== found.set || wanted.template !== found.template) return false;
  return wanted.sizeMiB !== found.sizeMiB || wanted.storageClass !== found.storageClass;
}
