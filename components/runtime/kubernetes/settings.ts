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
  /** Services that people outside the cluster reach by name, each through an ingress. @default none */
  readonly publishedAs?: Readonly<Record<string, Publication>>;
  /** What a cloud tells the identity of a service by, by service. @default nothing */
  readonly serviceAccountAnnotations?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Namespace of a Prometheus that was there before: the party `monitoring` of {@link NetworkEdge}. @default none */
  readonly monitoringNamespace?: string;
  /** Labels of the pods there that connect to us. @default every pod of that namespace */
  readonly monitoringPods?: Readonly<Record<string, string>>;
  /** Secrets with a registry's credentials, in both namespaces. @default none */
  readonly imagePullSecrets?: readonly string[];
  /** Every connection the platform needs; all others are forbidden. */
  readonly edges: readonly NetworkEdge[];
  /** Whether volumes, and the namespace they are in, outlive `destroy`. */
  readonly keepData: boolean;
  /** Longest time a node may take to fetch an image, in seconds; added to a workload's own deadline. @default 300 */
  readonly pullSeconds?: number;
}

/** How a service is shown by the cluster's ingress controller, which ends the caller's TLS and speaks TLS to the service. */
export interface Publication {
  /** Name that people ask for. */
  readonly host: string;
  /** Which of the workload's ports. */
  readonly port: string;
  /** Class of the controller. @default the cluster's default class */
  readonly className?: string | undefined;
  /** What the controller is told, on the Ingress and on the Service behind it. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  /** Namespace of the controller's pods: the party `ingress` of {@link NetworkEdge}. @default the networks of the party `hosts` */
  readonly namespace?: string | undefined;
  /** Who issues the certificate of `host`, or the Secret that somebody keeps it in. */
  readonly tls: { readonly issuer: Issuer } | { readonly secretName: string };
}

/** An issuer of cert-manager; an `Issuer` is in the workload's namespace. */
export interface Issuer {
  readonly name: string;
  readonly kind: "Issuer" | "ClusterIssuer";
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

/**
 * One connection: between services, from the parties `hosts` and `ingress`, to the party `outside`, or to the party
 * `acme-solver`: pods that cert-manager starts to prove that a name is its owner's.
 */
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
