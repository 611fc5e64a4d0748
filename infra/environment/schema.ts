import { z } from "zod";
import { DEFAULT_INTERVALS, type Intervals } from "../../components/alertmanager/settings.ts";
import { DATADOG_SITES } from "../../components/datadog/settings.ts";
import { budgetSchema, loadSchema } from "../report/settings.ts";
import { alertsSchema } from "./alerts.ts";
import { grafana, greptimedb, jaeger, loki, tempo } from "./backends.ts";
import { hostConnection, ssh } from "./ssh.ts";
import { address, goDuration, memoryMiB, name, port, prometheusDuration, rate, secretName } from "./values.ts";

const host = z.strictObject({
  name: name.meta({ description: "Unique name; becomes host.name on everything the host sends." }),
  runtime: z.enum(["process", "docker", "ssh", "kubernetes"]).meta({
    description: "How its agent and exporters run. A kubernetes entry stands for a pool of GPU nodes (DaemonSet).",
  }),
  address: z.string().min(1).optional().meta({ description: "Name or address to reach an ssh host by." }),
  ...hostConnection,
  gpus: z.number().int().min(1).max(64).default(8).meta({ description: "GPUs in the host." }),
  simulated: z.boolean().default(false).meta({ description: "Serve a DCGM simulator in the place of dcgm-exporter." }),
  nodeLabels: z.record(z.string(), z.string()).default({}).meta({
    description: "Labels that set a kubernetes pool's nodes apart from those of another pool.",
  }),
  scenario: z
    .enum(["healthy", "one-sick-gpu", "idle-gpu"])
    .default("healthy")
    .meta({ description: "What a simulated host plays." }),
});

const gateways = z.strictObject({
  count: z.number().int().min(1).max(26).default(2),
  memoryMiB: memoryMiB.default(512).meta({ description: "Hard memory limit of one gateway (S2-66: 512 MB)." }),
  queueMiB: z.number().int().min(64).default(1024).meta({ description: "Disk for the queues of one gateway." }),
  debugExporter: z.boolean().default(false).meta({ description: "Print what passes (S2-46)." }),
  maxCount: z.number().int().min(1).max(26).optional().meta({
    description: "Most gateways Kubernetes may start under load; it never stops one by itself, whose queue would wait.",
  }),
  addresses: z.array(address).default([]).meta({
    description: "Where hosts outside the gateways' own network reach them: one load balancer, or each gateway.",
  }),
});

const sampling = z.strictObject({
  default: rate.default(1).meta({ description: "Share of traces kept, 0 to 1. Owned by the gateways alone (C-02)." }),
  services: z.record(z.string(), rate).default({}).meta({ description: "Share kept per service.name (C-01)." }),
  slowTraceMs: z.number().int().min(1).default(5000).meta({ description: "Traces slower than this are always kept." }),
});

const metrics = z.strictObject({
  path: z.enum(["otlp", "remoteWrite", "scrape"]).default("otlp").meta({
    description: "The one way metrics get into Prometheus (S0-34, S0-48).",
  }),
  scrapeInterval: goDuration.default("15s"),
  drop: z
    .array(z.string())
    .default([])
    .meta({ description: "Metric names (regular expressions) dropped at the gateways." }),
  compatibility: z.boolean().default(false).meta({
    description:
      "Keep dcgm-exporter's own names, units and labels alive beside OpenTelemetry's (S0-49); doubles GPU series.",
  }),
});

const prometheus = z.strictObject({
  replicas: z.number().int().min(1).max(2).default(2),
  retention: prometheusDuration.default("15d"),
  outOfOrderWindow: prometheusDuration.default("30m"),
  volumeMiB: z.number().int().min(1024).default(20_480).meta({ description: "Disk of one replica, in MiB." }),
  evaluationInterval: goDuration.default("15s").meta({ description: "How often rules and alerts are evaluated." }),
  memoryMiB: memoryMiB.default(2048),
});

const alertReceiver = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("webhook"), name, secret: secretName }),
  z.strictObject({ kind: z.literal("slack"), name, channel: z.string().min(1), secret: secretName }),
  z.strictObject({ kind: z.literal("pagerduty"), name, secret: secretName }),
  z.strictObject({ kind: z.literal("teams"), name, secret: secretName }),
  z.strictObject({
    kind: z.literal("email"),
    name,
    to: z.array(z.email()).min(1),
    from: z.email(),
    smarthost: z
      .string()
      .regex(/^[^\s:]+:\d{1,5}$/, "a host and a port such as smtp.example.org:587")
      .meta({ description: "Mail server. 465 is TLS from the start, every other port must offer STARTTLS." }),
    user: z.string().min(1).meta({ description: "Account at the mail server; the secret is its password." }),
    secret: secretName,
  }),
]);

const intervals = ({ groupWait, groupInterval, repeatInterval }: Intervals) =>
  z
    .strictObject({
      groupWait: prometheusDuration.default(groupWait).meta({ description: "Wait of a new group for more alerts." }),
      groupInterval: prometheusDuration.default(groupInterval).meta({ description: "Time between news of a group." }),
      repeatInterval: prometheusDuration.default(repeatInterval).meta({ description: "Time until it is told again." }),
    })
    .prefault({});
const receiverNames = z.array(z.string());

const alertmanager = z.strictObject({
  replicas: z.number().int().min(1).max(3).default(2),
  memoryMiB: memoryMiB.default(256),
  receivers: z.array(alertReceiver).default([]).meta({
    description: "Where alerts go. `secret` names the stack's secret that holds the URL, key or password.",
  }),
  severities: z
    .strictObject({
      critical: receiverNames.optional().meta({ description: "Default: every receiver that no team names." }),
      warning: receiverNames.optional().meta({ description: "Default: every receiver that no team names." }),
      info: receiverNames.optional().meta({ description: "Default: nobody; they show on Alertmanager's page." }),
    })
    .prefault({})
    .meta({ description: "Names of the receivers told of each severity." }),
  teams: z.record(z.string().min(1), receiverNames).default({}).meta({
    description: "Names of the receivers also told of critical and warning alerts with this label `team`.",
  }),
  intervals: z
    .strictObject({
      critical: intervals(DEFAULT_INTERVALS.critical),
      warning: intervals(DEFAULT_INTERVALS.warning),
      info: intervals(DEFAULT_INTERVALS.info),
    })
    .prefault({}),
  deadManSwitch: z
    .strictObject({
      secret: secretName,
      every: prometheusDuration.default("5m").meta({ description: "How often it is told, to 15 s." }),
    })
    .optional()
    .meta({ description: "A webhook that raises the alarm when it no longer hears that alerting works." }),
});

const datadog = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .meta({ description: "Monitors, a dashboard, and a destination of the gateways." }),
  site: z.enum(DATADOG_SITES).default("datadoghq.com"),
  apiKeySecret: z.string().min(1).default("datadogApiKey").meta({ description: "Name of the stack's secret." }),
  appKeySecret: z.string().min(1).default("datadogAppKey").meta({ description: "Name of the stack's secret." }),
  agentEndpoint: z
    .strictObject({ host: z.string().min(1), port: port.default(4317) })
    .optional()
    .meta({
      description: "A Datadog Agent's OTLP receiver. Without it the site's intake gets traces and logs, no metrics.",
    }),
  notify: z.array(z.string().startsWith("@")).default([]).meta({ description: "Handles every monitor tells." }),
  workflowService: z.string().min(1).default("workflow-service"),
});

const certificates = z.strictObject({
  authorityValidityDays: z.number().int().min(1).default(3650),
  validityDays: z.number().int().min(1).default(90),
  renewBeforeDays: z
    .number()
    .int()
    .min(0)
    .default(30)
    .meta({ description: "Renewed by the first `up` inside this time." }),
});

const network = z.strictObject({
  loopback: z
    .string()
    .regex(/^127\.\d{1,3}\.\d{1,3}$/, "the first three numbers of a loopback network, such as 127.0.0")
    .default("127.0.0")
    .meta({
      description: "Network of the programs that run as processes; another one keeps two environments apart.",
    }),
  ports: z.record(z.string(), port).default({}).meta({
    description: "Ports other than the planned ones, by service and name: `prometheus.http: 19090`.",
  }),
});

const docker = z.strictObject({
  host: z
    .string()
    .regex(/^(unix|ssh|npipe):\/\//, "an engine such as unix:///var/run/docker.sock or ssh://me@dev.internal")
    .optional()
    .meta({ description: "The Docker engine. Default: DOCKER_HOST, else this machine's own." }),
  loopback: z
    .string()
    .regex(/^127\.\d{1,3}\.\d{1,3}$/, "the first three numbers of a loopback network, such as 127.0.10")
    .default("127.0.10")
    .meta({ description: "Network of the engine's machine on which containers are published, each at an address." }),
});

const label = z.string().min(1).max(253);
const kubernetes = z.strictObject({
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
  gatewayService: z.enum(["ClusterIP", "LoadBalancer", "NodePort"]).default("ClusterIP").meta({
    description: "How hosts outside the cluster get in.",
  }),
  gatewayServiceAnnotations: z.record(z.string(), z.string()).default({}).meta({
    description: "What a cloud's load balancer is told, such as that it is internal.",
  }),
  images: z.record(z.string(), z.string().min(1)).default({}).meta({
    description: "Images other than the pinned ones, by program: `otelcol: registry.example.org/otelcol:0.145.0-own`.",
  }),
  imageRegistry: z.string().min(1).optional().meta({ description: "Mirror that all images are pulled from." }),
  pullSeconds: z.number().int().min(1).max(3600).default(300).meta({
    description: "Longest time a node may take to fetch an image; `up` fails later than that.",
  }),
  keepData: z.boolean().default(true).meta({ description: "Volumes outlive `destroy`." }),
});

/** Everything an operator may say about an environment; see `stacks/README.md`. */
export const environmentSchema = z
  .strictObject({
    runtime: z.enum(["process", "docker", "kubernetes"]).meta({ description: "Where gateways and backends run." }),
    hosts: z.array(host).min(1),
    gateways: gateways.prefault({}),
    sampling: sampling.prefault({}),
    metrics: metrics.prefault({}),
    prometheus: prometheus.prefault({}),
    alertmanager: alertmanager.prefault({}),
    alerts: alertsSchema.prefault({}),
    tempo: tempo.prefault({}),
    loki: loki.prefault({}),
    jaeger: jaeger.prefault({}),
    greptimedb: greptimedb.prefault({}),
    grafana: grafana.prefault({}),
    datadog: datadog.prefault({}),
    load: loadSchema.prefault({}),
    budget: budgetSchema.prefault({}),
    certificates: certificates.prefault({}),
    network: network.prefault({}),
    ssh: ssh.prefault({}),
    docker: docker.prefault({}),
    kubernetes: kubernetes.prefault({}),
    logCapMiB: z.number().int().min(1).default(16).meta({ description: "Largest log of one process, in MiB." }),
  })
  .meta({ title: "Environment", description: "One environment of the GPU observability platform." });

/** What a valid description says, every default filled in. */
export type EnvironmentDescription = z.infer<typeof environmentSchema>;

/** The four environments. */
export const ENVIRONMENT_NAMES = ["local", "dev", "staging", "production"] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** A validated environment and its name. */
export type Environment = EnvironmentDescription & { readonly name: EnvironmentName };
export type HostDescription = EnvironmentDescription["hosts"][number];
