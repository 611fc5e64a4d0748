import { ApiException, type AppsV1Api, type V1StatefulSet } from "@kubernetes/client-node";

/** What a stand-in was asked to make. */
export interface MadeSet {
  readonly fieldManager: string;
  readonly force: boolean;
  readonly body: V1StatefulSet;
}

/**
 * A stand-in for an API server that holds one StatefulSet: it takes its time to remove it, as a real one does while pods
 * are orphaned, and can refuse. It checks nothing of what it is given.
 */
export class OneSet {
  readonly removals: unknown[] = [];
  readonly made: MadeSet[] = [];
  /** Called each time it is asked what there is, while the set is on its way out. */
  whileLeaving: () => void = () => undefined;
  /** Answers to the next requests to make a set, in the place of taking it. */
  readonly refusals: Error[] = [];
  private set: V1StatefulSet | undefined;
  private looks = 3;

  constructor(set: V1StatefulSet) {
    this.set = structuredClone(set);
  }

  /** What Kubernetes does to it meanwhile. */
  scale(replicas: number): void {
    if (this.set?.spec !== undefined) this.set.spec.replicas = replicas;
  }

  /** The part of the client that is asked. */
  get api(): AppsV1Api {
    const api = {
      deleteNamespacedStatefulSet: (request: unknown) => Promise.resolve(this.removals.push(request)),
      listNamespacedStatefulSet: () => Promise.resolve({ items: this.list() }),
      patchNamespacedStatefulSet: (request: MadeSet) => this.make(request),
    };
    return api as unknown as AppsV1Api;
  }

  private list(): readonly V1StatefulSet[] {
    if (this.removals.length > 0) {
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
