import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Api, KubeObject } from "./api.ts";
import type { ClusterAuthority } from "./certificates.ts";
import type { Child } from "./child.ts";
import type { Guard } from "./guard.ts";
import { type NodeKind, nodesOf } from "./nodes.ts";
import { startControlPlane, type Started, stopAll, waitUntil, writeKubeconfig } from "./start.ts";

const NODES_AT_ONCE = 50;

/** A rule of RBAC, as a ClusterRole holds them. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** A node or a pod, as far as its conditions are asked for. */
export interface Conditioned extends KubeObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/**
 * A real Kubernetes control plane on loopback, of the versions that `infra/toolchain/versions.json` pins. What runs
 * on a node is played by kwok: pods get ready, addresses and all, without a container.
 */
export class Cluster {
  readonly folder: string;
  /** Address of the API server: `https://127.0.0.1:<port>`. */
  readonly server: string;
  /** File of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** From the first program started to a cluster that takes pods, in milliseconds. */
  readonly startMs: number;
  /** What the API server says it is, such as `v1.36.3`. */
  readonly version: string;
  /** The API as its administrator. */
  readonly api: Api;
  readonly #authority: ClusterAuthority;
  readonly #guard: Guard;
  readonly #children: readonly Child[];
  #nodes = { gpu: 0, cpu: 0 };

  private constructor(started: Started, startMs: number, version: string) {
    this.folder = started.plan.folder;
    this.server = started.server;
    this.kubeconfig = join(this.folder, "admin.kubeconfig");
    this.api = started.api;
    this.#authority = started.authority;
    this.#guard = started.guard;
    this.#children = started.children;
    this.startMs = startMs;
    this.version = version;
  }

  /** Starts one on free ports, in a temporary folder of its own; `stop` ends it. */
  static async start(): Promise<Cluster> {
    const begin = performance.now();
    const started = await startControlPlane();
    try {
      const { gitVersion } = JSON.parse(await started.api.text("/version")) as { gitVersion: string };
      return new Cluster(started, performance.now() - begin, gitVersion);
    } catch (error) {
      await stopAll(started);
      throw error;
    }
  }

  /** Programs and their memory in use, in MiB. */
  get memory(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#children.map((child) => [child.name, Math.round(child.residentMiB)]));
  }

  /** Processes of the cluster. */
  get pids(): readonly number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  /** Adds nodes and waits until they are ready. @returns their names */
  async addNodes(count: number, kind: NodeKind): Promise<readonly string[]> {
    const named = kind.gpu ? "gpu" : "cpu";
    const nodes = nodesOf(this.#nodes[named], count, kind);
    this.#nodes[named] += count;
    for (let first = 0; first < nodes.length; first += NODES_AT_ONCE) {
      await Promise.all(nodes.slice(first, first + NODES_AT_ONCE).map((node) => this.api.create(node)));
    }
    const added = nodes.map(nameOf);
    const areReady = async (): Promise<boolean> => {
      const ready = new Set(
        (await this.api.list<Conditioned>("/api/v1/nodes?resourceVersion=0")).filter(isReady).map(nameOf),
      );
      return added.every((name) => ready.has(name));
    };
    // A list of a thousand nodes is megabytes: asking all the time would keep the server from its work.
    const seconds = 60 + count / 10;
    await waitUntil(`${count} nodes to become ready`, seconds, this.#children, areReady, 100 + count);
    return added;
  }

  /**
   * A kubeconfig of a user who may do what these rules say and nothing else.
   *
   * @returns its file
   */
  async userKubeconfig(name: string, rules: readonly Rule[]): Promise<string> {
    const apiVersion = "rbac.authorization.k8s.io/v1";
    await this.api.create({ apiVersion, kind: "ClusterRole", metadata: { name }, rules });
    await this.api.create({
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
    });
    return writeKubeconfig(this.folder, this.server, name, name, this.#authority);
  }

  /** @throws {Error} when it does not come true in time, or when a program of the cluster has ended */
  async waitFor(what: string, seconds: number, isTrue: () => Promise<boolean>): Promise<void> {
    await waitUntil(what, seconds, this.#children, isTrue);
  }

  /** Ends the programs it started, and removes its folders. */
  async stop(): Promise<void> {
    const volumes = await this.api.list("/api/v1/persistentvolumes").catch(() => []);
    await stopAll({ api: this.api, guard: this.#guard });
    for (const volume of volumes) {
      const { hostPath } = volume["spec"] as { hostPath?: { path: string } };
      if (hostPath?.path.startsWith("/tmp/hostpath_pv/")) rmSync(hostPath.path, { recursive: true, force: true });
    }
  }
}

/** Whether the condition `Ready` holds. */
export function isReady({ status }: Conditioned): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True");
}

const nameOf = ({ metadata }: KubeObject): string => metadata.name;
