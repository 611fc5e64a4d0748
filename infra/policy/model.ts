import type { EnvironmentName } from "../environment/schema.ts";

/** One deployed program, however it is run: what a rule looks at. */
export interface Unit {
  /** `StatefulSet gpu-observability/gateway`, `process gateway-a`. */
  readonly where: string;
  readonly urn: string;
  readonly runtime: "process" | "docker" | "kubernetes" | "ssh";
  /** Unique in the environment: `gateway-a`, `gpu-nodes-agent`. */
  readonly name: string;
  /** Key of `programs` in `infra/toolchain/versions.json`, or the image's own name. */
  readonly program: string;
  readonly args: readonly string[];
  /** Plain environment variables: a value taken from a secret is not here. */
  readonly env: Readonly<Record<string, string>>;
  /** Configuration files, by the path the program sees. */
  readonly files: Readonly<Record<string, string>>;
  /** What it was planned to listen on. */
  readonly declared: readonly DeclaredPort[];
  /** Ports opened on the machine itself: what clashes. */
  readonly network: Network;
  readonly replicas: number;
  /** Folders it writes, and what they are kept on. */
  readonly mounts: readonly Mount[];
  /** Undefined where the runtime has no limits: a process. */
  readonly limits?: Limits;
}

/** A container image that something names. */
export interface StatedImage {
  readonly where: string;
  readonly urn: string;
  /** `grafana/loki:3.7.8`, with its digest where it has one. */
  readonly image: string;
}

/** A port as the deployment states it; `access` only where the runtime keeps it. */
export interface DeclaredPort {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  readonly access?: string;
}

export interface Network {
  /** Listeners of one machine must not clash; undefined for a network of its own. */
  readonly machine?: string;
  /** Container ports published on addresses of the machine. */
  readonly published: readonly { readonly host: string; readonly port: number; readonly protocol: string }[];
}

export interface Mount {
  readonly path: string;
  /** `claim` outlives the program and its machine, `host` the program, `none` neither. */
  readonly keeps: "claim" | "host" | "none";
  /** Size in MiB; undefined where nothing limits it, or the engine does not say: only a claim has one. */
  readonly sizeMiB?: number;
}

export interface Limits {
  readonly memoryMiB?: number;
  readonly cpu?: number;
  readonly requestsMemoryMiB?: number;
  readonly requestsCpu?: number;
}

/** An object of Kubernetes as the engine would send it. */
export interface KubernetesObject {
  readonly urn: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Everything of it; unknown values are undefined. */
  readonly body: Tree;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
}

/** Plain data of unknown shape. */
export type Tree = { readonly [key: string]: unknown };

/** An environment as the engine is about to make it. */
export interface Platform {
  readonly environment: EnvironmentName;
  readonly units: readonly Unit[];
  readonly images: readonly StatedImage[];
  readonly objects: readonly KubernetesObject[];
}

/** One thing that must not be deployed like this. */
export interface Violation {
  /** `StatefulSet gpu-observability/gateway: exporter otlp_http/loki`. */
  readonly where: string;
  /** What is wrong; never the text of a secret. */
  readonly what: string;
  /** The key of the environment or the command that mends it. @default the rule's own */
  readonly fix?: string;
  readonly urn?: string;
}

/** One rule of the pack. Pure. */
export interface PolicyRule {
  /** Kebab-case, unique in the pack. */
  readonly name: string;
  /** What must be true, with the requirement it comes from. */
  readonly description: string;
  /** The key of the environment or the command that mends most violations. */
  readonly fix: string;
  /** Environments it is judged in. @default all of them */
  readonly only?: readonly EnvironmentName[];
  readonly check: (platform: Platform) => readonly Violation[];
}

/** Where people work alone or with simulated hosts, and a violation is advice. */
export const FREE: readonly EnvironmentName[] = ["local", "dev"];

/** Where a violation ends the update. */
export const STRICT: readonly EnvironmentName[] = ["staging", "production"];
