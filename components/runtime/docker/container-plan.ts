import type { SecretName } from "../workload.ts";
import type { BindMount, ContainerImage } from "./image.ts";

/** One container, fully described but for its secrets: plain data, so a test and a preview show all of it. */
export interface ContainerPlan {
  /** Unique on the engine: `gpu-observability-dev-gateway-a`. */
  readonly name: string;
  /** Name other containers of the environment find it by. */
  readonly alias: string;
  readonly image: ContainerImage;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
  readonly volumes: readonly PlannedVolume[];
  readonly binds: readonly BindMount[];
  readonly ports: readonly PublishedPort[];
  readonly user: string;
  readonly capabilities: readonly string[];
  readonly memoryMiB: number;
  /** Weight against other containers when cores are short; 1024 is one core's worth. */
  readonly cpuShares: number;
  readonly gpus: boolean;
  /** Sees the machine's processes. */
  readonly hostProcesses: boolean;
  /** Whether nothing but volumes and `/tmp` can be written to. */
  readonly readOnlyRoot: boolean;
  readonly healthCheck?: PlannedHealthCheck;
  readonly probe?: Probe;
  readonly labels: Readonly<Record<string, string>>;
  /** Largest size of its log in MiB, in two files. */
  readonly logCapMiB: number;
}

/** A file, its content by value or by the name of a secret. */
export interface PlannedFile {
  /** Absolute, in the container. */
  readonly path: string;
  readonly content: FileContent;
}

export type FileContent =
  { readonly text: string } | { readonly secret: SecretName } | { readonly certificate: "cert" | "key" | "ca" };

export interface PlannedVolume {
  /** Unique on the engine. */
  readonly name: string;
  readonly mountPath: string;
  /** Another workload's, which this one only reads. */
  readonly readOnly: boolean;
}

/** A port that the engine's machine offers on one of its own loopback addresses. */
export interface PublishedPort {
  readonly address: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

/** A command inside the container that ends with 0 when it is healthy. */
export interface PlannedHealthCheck {
  readonly command: readonly string[];
  readonly deadlineSeconds: number;
}

/** A request from outside, for images that hold no program to ask with. */
export interface Probe {
  readonly scheme: "http" | "https";
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** Name its certificate must carry. */
  readonly serverName: string;
  readonly deadlineSeconds: number;
}
