import { z } from "zod";
import { externalGreptimedb } from "./external-greptimedb.ts";
import { address, goDuration, memoryMiB, type PrometheusDuration, prometheusDuration, secretName } from "./values.ts";

/** Whether a part runs: `if-available` runs it when its program can be had and says why when not. */
const availability = z.union([z.boolean(), z.literal("if-available")]);
const certificatePem = z.string().regex(/^-----BEGIN CERTIFICATE-----/, "a certificate in PEM");
const authority = certificatePem
  .optional()
  .meta({ description: "Certificate of the store's authority, where the machine does not know it." });

const objectStorage = z.strictObject({
  kind: z.literal("s3"),
  endpoint: z.string().regex(/^[^\s:/]+(:\d{1,5})?$/, "a host, or a host and a port, such as objects.example.org:9000"),
  bucket: z.string().min(1),
  region: z.string().default(""),
  credentials: secretName.optional().meta({
    description:
      "Name of the stack's secret that holds an AWS credentials file ([default] section). Default: the machine's own identity.",
  }),
  authority,
});
const disk = z.strictObject({ kind: z.literal("disk") });
const storage = z.discriminatedUnion("kind", [disk, objectStorage]);
/** GreptimeDB cannot be told an authority. */
const greptimedbStorage = z.discriminatedUnion("kind", [disk, objectStorage.omit({ authority: true })]);

/** With two, a quorum needs both: either may stop the other. */
const ringReplicas = z
  .union([z.literal(1), z.number().int().min(3).max(9)])
  .default(1)
  .meta({
    description:
      "Equal copies, 1 or at least 3: each line or span is kept by three of them until it is in the object store.",
  });

const volumeMiB = z.number().int().min(1024).default(20_480).meta({ description: "Disk of one copy, in MiB." });

const blockBackend = (retention: PrometheusDuration) =>
  z.strictObject({
    enabled: z.boolean().default(true),
    replicas: ringReplicas,
    retention: prometheusDuration.default(retention),
    storage: storage.default({ kind: "disk" }),
    volumeMiB,
    memoryMiB: memoryMiB.default(1024),
  });

export const tempo = blockBackend("14d");
export const loki = blockBackend("31d");

const searchStore = z.strictObject({
  kind: z.enum(["elasticsearch", "opensearch"]),
  urls: z.array(z.url({ protocol: /^https$/ })).min(1),
  user: z.string().min(1).optional(),
  password: secretName.optional(),
  indexPrefix: z.string().min(1).default("jaeger"),
  indexReplicas: z.number().int().min(0).max(5).default(1),
  authority,
});
const clickhouse = z.strictObject({
  kind: z.literal("clickhouse"),
  addresses: z.array(address).min(1).meta({
    description:
      "Native protocol, plaintext: Jaeger 2.13 offers no TLS to ClickHouse; keep it on a network of its own.",
  }),
  database: z.string().min(1).default("jaeger"),
  user: z.string().min(1).default("default"),
  password: secretName,
});

export const jaeger = z.strictObject({
  enabled: z.boolean().default(true),
  replicas: z.number().int().min(1).max(9).default(1),
  storage: z.union([z.enum(["memory", "badger"]), searchStore, clickhouse]).default("badger"),
  retention: goDuration
    .default("72h")
    .meta({ description: "Of badger; Elasticsearch, OpenSearch and ClickHouse expire their own." }),
  volumeMiB,
  memoryMiB: memoryMiB.default(512),
});

export const greptimedb = z.strictObject({
  enabled: availability.default(false),
  user: z.string().min(1).default("greptime_user"),
  retention: prometheusDuration.default("30d"),
  storage: greptimedbStorage.default({ kind: "disk" }),
  volumeMiB,
  memoryMiB: memoryMiB.default(1024),
  external: externalGreptimedb.optional().meta({
    description: "A GreptimeDB run by somebody else, such as a cluster, used in the place of one of our own.",
  }),
});

export const grafana = z.strictObject({
  enabled: availability.default(false),
  replicas: z.number().int().min(1).max(4).default(1),
  database: z
    .strictObject({
      address,
      name: z.string().min(1).default("grafana"),
      user: z.string().min(1).default("grafana"),
      password: secretName,
      authority,
    })
    .optional()
    .meta({ description: "PostgreSQL that keeps users, dashboards and state. Default: SQLite on its own volume." }),
  memoryMiB: memoryMiB.default(512),
  publicUrl: z
    .url({ protocol: /^https$/ })
    .optional()
    .meta({
      description:
        "Address under which people reach it through a proxy that somebody runs; links in notifications start with it. On Kubernetes: `kubernetes.ingress`. Default: its address on the machine that runs it.",
    }),
  external: z
    .strictObject({ url: z.url({ protocol: /^https?$/ }), token: z.string().min(1) })
    .optional()
    .meta({ description: "A Grafana run by somebody else, to fill; `token` names the stack's secret that holds it." }),
});
