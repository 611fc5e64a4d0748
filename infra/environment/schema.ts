import { z } from "zod";
import { DATADOG_SITES } from "../../components/datadog/settings.ts";
import { budgetSchema, loadSchema } from "../report/settings.ts";
import { alertmanager } from "./alertmanager.ts";
import { alertsSchema } from "./alerts.ts";
import { grafana, greptimedb, jaeger, loki, tempo } from "./backends.ts";
import { host } from "./hosts.ts";
import { inventory, rollout } from "./inventory.ts";
import { kubernetes } from "./kubernetes.ts";
import { prometheus } from "./prometheus.ts";
import { ssh } from "./ssh.ts";
import { address, goDuration, memoryMiB, port, rate } from "./values.ts";

const gateways = z.strictObject({
  count: z.number().int().min(1).max(26).default(2),
  memoryMiB: memoryMiB.default(512).meta({ description: "Hard memory limit of one gateway (S2-66: 512 MB)." }),
  queueMiB: z.number().int().min(64).default(1024).meta({
    description: "Volume of one gateway for all its queues together, in MiB; `npm run report` says how it is divided.",
  }),
  debugExporter: z.boolean().default(false).meta({ description: "Print what passes (S2-46)." }),
  maxCount: z.number().int().min(1).max(26).optional().meta({
    description: "Most gateways Kubernetes may start under load; it never stops one by itself, whose queue would wait.",
  }),
  addresses: z.array(address).default([]).meta({
    description:
      "Where hosts outside the gateways' own network reach them: one load balancer, or each gateway. Docker publishes gateways on docker.loopback alone, so name the ports that you forward to their 4317.",
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

const dcgmExporter = z.strictObject({
  startSeconds: z.number().int().min(30).max(1800).default(120).meta({
    description: "Longest time until it answers: more where a host has many GPUs and its exporter starts in a loop.",
  }),
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

const browserConsole = z.strictObject({
  enabled: z.boolean().default(true).meta({
    description:
      "A page on loopback about the fleet, one GPU, the pipeline and alerts, and a front with a password for the backends' own pages. Runs where backends are processes.",
  }),
  memoryMiB: memoryMiB.default(192),
});

/** Everything an operator may say about an environment; see `stacks/README.md`. */
export const environmentSchema = z
  .strictObject({
    runtime: z.enum(["process", "docker", "kubernetes"]).meta({ description: "Where gateways and backends run." }),
    judgedAs: z.enum(["dev", "production"]).optional().meta({
      description:
        "Of an environment of your own: whose rules hold. Those of dev are advice. Default: production. The four of the project have their own.",
    }),
    hosts: z.array(host).default([]).meta({ description: "The GPU hosts, beside those of inventory.file." }),
    inventory: inventory.prefault({}),
    rollout: rollout.prefault({}),
    gateways: gateways.prefault({}),
    sampling: sampling.prefault({}),
    metrics: metrics.prefault({}),
    dcgmExporter: dcgmExporter.prefault({}),
    prometheus: prometheus.prefault({}),
    alertmanager: alertmanager.prefault({}),
    alerts: alertsSchema.prefault({}),
    tempo: tempo.prefault({}),
    loki: loki.prefault({}),
    jaeger: jaeger.prefault({}),
    greptimedb: greptimedb.prefault({}),
    grafana: grafana.prefault({}),
    console: browserConsole.prefault({}),
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

/** The four environments of the project; a stack file of another name makes another. */
export const ENVIRONMENT_NAMES = ["local", "dev", "staging", "production"] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** A validated environment and its name. */
export type Environment = EnvironmentDescription & { readonly name: string };
export type HostDescription = EnvironmentDescription["hosts"][number];

/** Whose rules and policy levels hold for an environment. */
export function levelOf({ name, judgedAs }: Pick<Environment, "name" | "judgedAs">): EnvironmentName {
  return ENVIRONMENT_NAMES.find((one) => one === name) ?? judgedAs ?? "production";
}
