import { ApiException, type V1ConfigMap, type V1StatefulSet } from "@kubernetes/client-node";
import type { SetApis } from "../../../infra/cli/renew-set.ts";

/** What a stand-in was asked to make. */
export interface MadeSet {
  readonly fieldManager: string;
  readonly force: boolean;
  readonly body: V1StatefulSet;
}

/**
 * A stand-in for an API server that holds one StatefulSet, and ConfigMaps: it takes its time to remove the set, as a
 * real one does while pods are orphaned, and can refuse. It checks nothing of what it is given.
 */
export class OneSet {
  readonly removals: unknown[] = [];
  readonly made: MadeSet[] = [];
  /** ConfigMaps by name. */
  readonly configMaps = new Map<string, V1ConfigMap>();
  /** Called each time it is asked what there is, while the set is on its way out. */
  whileLeaving: () => void = () => undefined;
  /** Answers to the next requests to make a set, in the place of taking it. */
  readonly refusals: Error[] = [];
  private set: V1StatefulSet | undefined;
  private isLeaving = false;
  private looks = 3;

  constructor(set: V1StatefulSet) {
    this.set = structuredClone(set);
  }

  /** What Kubernetes does to it meanwhile. */
  scale(replicas: number): void {
    if (this.set?.spec !== undefined) this.set.spec.replicas = replicas;
  }

  /** The parts of the client that are asked. */
  get apis(): SetApis {
    const apps = {
      deleteNamespacedStatefulSet: (request: unknown) => this.remove(request),
      listNamespacedStatefulSet: () => Promise.resolve({ items: this.list() }),
      patchNamespacedStatefulSet: (request: MadeSet) => this.make(request),
    };
    const core = {
      listNamespacedConfigMap: () => Promise.resolve({ items: [...this.configMaps.values()] }),
      patchNamespacedConfigMap: ({ name, body }: { name: string; body: V1ConfigMap }) =>
        Promise.resolve(this.configMaps.set(name, body)),
      deleteNamespacedConfigMap: ({ name }: { name: string }) => Promise.resolve(this.configMaps.delete(name)),
    };
    return { apps, core } as unknown as SetApis;
  }

  private remove(request: unknown): Promise<unknown> {
    this.isLeaving = true;
    if (this.set?.metadata !== undefined) this.set.metadata.deletionTimestamp = new Date();
    return Promise.resolve(this.removals.push(request));
  }

  private list(): readonly V1StatefulSet[] {
    if (this.isLeaving) {
      this.whileLeaving();
      this.looks -= 1;
      if (this.looks < 0) this.set = undefined;
    }
    return this.set === undefined ? [] : [structuredClone(this.set)];
  }

  private make(request: MadeSet): Promise<unknown> {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (this.set !== undefined) return Promise.reject(new ApiException(422, "immutable", {}, {}));
    return Promise.resolve(this.made.push(request));
  }
}
