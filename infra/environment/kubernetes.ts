import { z } from "zod";
import { address, port } from "./values.ts";

const label = z.string().min(1).max(253);
const annotations = z.record(z.string(), z.string()).default({});

const ingressTls = z.union([
  z.strictObject({
    issuer: z.strictObject({
      name: label,
      kind: z.enum(["Issuer", "ClusterIssuer"]).default("ClusterIssuer"),
    }),
  }),
  z.strictObject({ secretName: label }),
]);

/**
 * The one door for people: Grafana. Prometheus, Alertmanager and the other backends ask every client for a certificate
 * of the environment's own authority, which a browser behind an ingress has not; Grafana shows what they hold.
 */
const ingress = z.strictObject({
  host: z
    .string()
    .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, {
      error: "a full name in lower case, such as grafana.example.org",
    })
    .meta({ description: "Name under which people reach Grafana: its links are made of it." }),
  className: label.optional().meta({ description: "Class of the controller. Default: the cluster's own default." }),
  annotations: annotations.meta({
    description:
      "What the controller is told. Grafana speaks TLS itself: ingress-nginx needs nginx.ingress.kubernetes.io/backend-protocol: HTTPS.",
  }),
  serviceAnnotations: annotations.meta({
    description: "The same for controllers that read it off the Service (Traefik, Contour).",
  }),
  namespace: label.optional().meta({
    description:
      "Namespace of the controller's pods, which alone may connect. Default: it has none (a cloud's load balancer, pods on the nodes' network), and `hostNetworks` may.",
  }),
  tls: ingressTls.meta({
    description:
      "A cert-manager issuer that is there, or a Secret of the namespace gpu-observability that somebody fills.",
  }),
});

/** The cluster of an environment. */
export const kubernetes = z.strictObject({
  context: z.string().min(1).optional().meta({ description: "Context of the kubeconfig. Default: its current one." }),
  clusterName: z.string().min(1).optional().meta({
    description: "Becomes k8s.cluster.name on everything a pool sends. Default: the environment's name.",
  }),
  storageClass: z.string().min(1).optional().meta({ description: "Default: the cluster's own default class." }),
  gpuNodeSelector: z.record(z.string(), label).default({ "nvidia.com/gpu.present": "true" }).meta({
    description: "Labels of the nodes that get an agent and exporters.",
  }),
  gpuTolerations: z
    .array(
      z.strictObject({
        key: label,
        value: label.optional(),
        effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
      }),
    )
    .default([{ key: "nvidia.com/gpu" }])
    .meta({ description: "Taints of GPU nodes that agents and exporters put up with." }),
  runtimeClass: z.string().min(1).optional().meta({
    description: "Runtime class that shows dcgm-exporter the GPUs: `nvidia` where it is not the nodes' default.",
  }),
  hostNetworks: z.array(z.cidrv4()).min(1).default(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]).meta({
    description: "Networks of nodes and hosts: who may reach the gateways from outside the pod network.",
  }),
  podPorts: z.record(address, port).default({}).meta({
    description:
      "Ports of the pods behind Services of the same cluster that listen on another, by the `host:port` the environment names: `prometheus-server.monitoring.svc:80: 9090`. Network policies know pods' ports alone.",
  }),
  gatewayService: z.enum(["ClusterIP", "LoadBalancer", "NodePort"]).default("ClusterIP").meta({
    description: "How hosts outside the cluster get in.",
  }),
  gatewayServiceAnnotations: z.record(z.string(), z.string()).default({}).meta({
    description: "What a cloud's load balancer is told, such as that it is internal.",
  }),
  ingress: ingress.optional().meta({ description: "Shows Grafana, and nothing else, to people outside the cluster." }),
  images: z.record(z.string(), z.string().min(1)).default({}).meta({
    description: "Images other than the pinned ones, by program: `otelcol: registry.example.org/otelcol:0.145.0-own`.",
  }),
  imagePullSecrets: z.array(label).default([]).meta({
    description: "Secrets with a registry's credentials, which somebody keeps in both of the platform's namespaces.",
  }),
  serviceAccountAnnotations: z.record(z.string(), z.record(z.string(), z.string())).default({}).meta({
    description:
      "Identities a cloud knows pods by, by service: `loki: { eks.amazonaws.com/role-arn: … }`, where an object store is given no credentials.",
  }),
  imageRegistry: z.string().min(1).optional().meta({ description: "Mirror that all images are pulled from." }),
  pullSeconds: z.number().int().min(1).max(3600).default(300).meta({
    description: "Longest time a node may take to fetch an image; `up` fails later than that.",
  }),
  keepData: z.boolean().default(true).meta({ description: "Volumes outlive `destroy`." }),
});
