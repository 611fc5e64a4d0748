import type { Input } from "@pulumi/pulumi";

/** What is the same for every workload of one environment on Kubernetes. */
export interface KubernetesSettings {
  /** Namespace of gateways and backends. */
  readonly namespace: string;
  /** Namespace of agents and exporters, which see their nodes. */
  readonly hostNamespace: string;
  /** The image of a program. */
  readonly resolveImage: (program: string) => ContainerImage;
  /** Class of every volume that outlives its pod. @default the cluster's own default class */
  readonly storageClass?: string | undefined;
  /** Labels of the nodes that get agents and exporters. */
  readonly gpuNodeSelector: Readonly<Record<string, string>>;
  /** Taints of those nodes. */
  readonly gpuTolerations: readonly GpuToleration[];
  /** Runtime class that shows a container the GPUs. @default what the node starts containers with */
  readonly runtimeClass?: string | undefined;
  /** Networks (CIDR) of nodes and hosts: the party `hosts` of {@link NetworkEdge}. */
  readonly hostNetworks: readonly string[];
  /** How what the party `hosts` may reach is offered to it. */
  readonly gatewayService: "ClusterIP" | "LoadBalancer" | "NodePort";
  /** What a cloud's load balancer in front of the gateways is told. @default nothing */
  readonly gatewayServiceAnnotations?: Readonly<Record<string, string>>;
  /** Every connection the platform needs; all others are forbidden. */
  readonly edges: readonly NetworkEdge[];
  /** Whether volumes, and the namespace they are in, outlive `destroy`. */
  readonly keepData: boolean;
  /** Longest time a node may take to fetch an image, in seconds; added to a workload's own deadline. @default 300 */
  readonly pullSeconds?: number;
}

/** An image, pinned, and how the program is started in it. */
export interface ContainerImage {
  /** `registry/name:version`, with `@sha256:…` where the digest is known. */
  readonly image: string;
  /** The program, where the image's own entry point would start something else. */
  readonly command?: readonly string[];
}

/** A taint that agents and exporters put up with; without a value, whatever its value. */
export interface GpuToleration {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute" | undefined;
}

/** One connection: between services, from the party `hosts`, or to the party `outside`. */
export interface NetworkEdge {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

/** The secret files of a workload. */
export interface SecretMaterial {
  /** Path below the `config` path of {@link CONTAINER_PATHS} to value. */
  readonly files: Readonly<Record<string, Input<string>>>;
  /** Changes with any value, tells none. */
  readonly digest: Input<string>;
}
