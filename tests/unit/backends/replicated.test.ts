import { describe, expect, it } from "vitest";
import { greptimedbWorkload } from "../../../components/greptimedb/workload.ts";
import type { JaegerStorage } from "../../../components/jaeger/settings.ts";
import { jaegerWorkload } from "../../../components/jaeger/workload.ts";
import { lokiWorkload } from "../../../components/loki/workload.ts";
import type { BlockStorage } from "../../../components/runtime/object-storage.ts";
import { tempoWorkload } from "../../../components/tempo/workload.ts";
import { messageOf } from "../../support/problems.ts";
import { findAll, placementOf, readConfig } from "./fixture.ts";
import { AUTHORITY, CLICKHOUSE, OPENSEARCH, placeSet, S3 } from "./replicated-fixture.ts";

const LOKI = { http: 3100, grpc: 3101, gossip: 7946 };
const TEMPO = { http: 3200, grpc: 3201, otlp: 4317, gossip: 7946 };
const JAEGER = { query: 16686, queryGrpc: 16685, otlp: 4317, health: 13134, metrics: 8886 };
const GREPTIMEDB = { http: 4000, grpc: 4001, mysql: 4002, postgres: 4003 };

const loki = (replicas = 3, storage: BlockStorage = S3) =>
  lokiWorkload({ placement: placeSet("loki", LOKI, replicas), retention: "31d", storage });
const tempo = (replicas = 3, storage: BlockStorage = S3) =>
  tempoWorkload({ placement: placeSet("tempo", TEMPO, replicas), retention: "14d", storage });
const jaeger = (storage: JaegerStorage, replicas = 2) =>
  jaegerWorkload({ placement: placeSet("jaeger", JAEGER, replicas), retention: "72h", storage });
const greptimedb = (storage?: BlockStorage) =>
  greptimedbWorkload({ placement: placementOf("greptimedb", GREPTIMEDB), retention: "30d", storage });

const SETS = [
  ["Loki", loki, "loki.yaml", "loki"],
  ["Tempo", tempo, "tempo.yaml", "tempo"],
] as const;

describe.each(SETS)("several copies of %s", (_, workloadOf, file, name) => {
  const config = (replicas?: number) => readConfig(workloadOf(replicas), file);

  it("find each other by the name of their set, over TLS, and take no other set for theirs", () => {
    expect(config()).toMatchObject({
      memberlist: {
        join_members: [`dns+${name}.gpu-observability.svc:7946`],
        cluster_label: `${name}.gpu-observability.svc`,
        bind_port: 7946,
        tls_enabled: true,
        tls_ca_path: "/etc/gpu-observability/tls/ca.pem",
        tls_server_name: name,
      },
    });
  });

  it("learn their own names and addresses where they start, so that one file serves all", () => {
    const workload = workloadOf();
    expect(workload.args).toContain("-config.expand-env=true");
    expect(workload.replicas).toBe(3);
    const addresses = [...findAll(config(), "instance_addr"), ...findAll(config(), "advertise_addr")];
    expect(addresses.length).toBeGreaterThan(1);
    expect(new Set(addresses)).toEqual(new Set(["${POD_IP}"]));
  });

  it.each([
    [3, 3],
    [5, 3],
    [1, 1],
  ])("of which there are %i keep everything %i times", (replicas, factor) => {
    expect(findAll(config(replicas), "replication_factor")).toEqual([factor]);
  });

  it("answer the queries of all of them", () => {
    const [address] = findAll(config(), "frontend_address");
    expect(address).toMatch(new RegExp(`^${name}\\.gpu-observability\\.svc:\\d+$`));
  });

  it("check the set's name on every certificate they meet", () => {
    for (const client of findAll(config(), "grpc_client_config")) {
      expect(client).toMatchObject({ tls_enabled: true, tls_server_name: name });
    }
    expect(workloadOf().certificate?.dnsNames).toContain(name);
  });

  it("say of gossip that it asks its callers for no certificate", () => {
    const { gossip, ...others } = workloadOf().ports as Record<string, { readonly access: string }>;
    expect(gossip).toMatchObject({ host: "0.0.0.0", port: 7946, access: "plaintext" });
    expect(new Set(Object.values(others).map(({ access }) => access))).toEqual(new Set(["mtls"]));
  });

  it("keep what is not yet in the bucket on a volume of their own", () => {
    expect(workloadOf().volumes).toMatchObject([{ sizeMiB: 20_480, stateful: true }]);
  });

  it("are one process as before when there is one: no gossip, no variables", () => {
    const workload = workloadOf(1);
    expect(workload.args.join(" ")).not.toContain("expand-env");
    expect(workload.replicas).toBeUndefined();
    expect(workload.ports).not.toHaveProperty("gossip");
    expect(config(1)).not.toHaveProperty("memberlist");
    expect(workload.files[file]).not.toContain("${");
  });

  it("get the bucket's credentials as a file that no configuration and no variable repeats", () => {
    const workload = workloadOf();
    expect(workload.secretFiles).toEqual({ "object-store-credentials": "objectStoreCredentials" });
    expect(workload.env).toEqual({
      AWS_SHARED_CREDENTIALS_FILE: "/etc/gpu-observability/secrets/object-store-credentials",
    });
    expect(workload.files[file]).not.toMatch(/access_key|secret_key/);
  });

  it("trust the bucket's own authority where the machine does not know it", () => {
    const workload = workloadOf(3, { ...S3, authority: AUTHORITY });
    expect(workload.files["object-store-ca.pem"]).toBe(AUTHORITY);
    expect(workload.files[file]).toContain("/etc/gpu-observability/object-store-ca.pem");
    expect(Object.keys(workloadOf().files)).toEqual([file]);
  });
});

describe("several copies of Loki", () => {
  it("ask the compactor about deletions over TLS", () => {
    expect(readConfig(loki(), "loki.yaml")).toMatchObject({
      compactor_grpc_client: { tls_enabled: true, tls_server_name: "loki" },
    });
  });
});

describe("several copies of Tempo", () => {
  it("are its scalable single binary, whose parts are called from outside the pod", () => {
    const config = readConfig(tempo(), "tempo.yaml");
    expect(config).toMatchObject({ target: "scalable-single-binary", server: { grpc_listen_address: "0.0.0.0" } });
    expect(tempo().ports.grpc).toMatchObject({ host: "0.0.0.0" });
    expect(readConfig(tempo(1), "tempo.yaml")).toMatchObject({
      target: "all",
      server: { grpc_listen_address: "127.0.0.1" },
    });
  });
});

describe("Jaeger's store", () => {
  const storeOf = (storage: JaegerStorage) =>
    findAll(readConfig(jaeger(storage), "jaeger.yaml"), "traces").find(
      (value) => typeof value === "object" && value !== null && !("receivers" in value),
    );

  it.each(["elasticsearch", "opensearch"] as const)("may be an %s, its password a file", (kind) => {
    const workload = jaeger({ ...OPENSEARCH, kind, authority: AUTHORITY });
    expect(storeOf({ ...OPENSEARCH, kind, authority: AUTHORITY })).toEqual({
      [kind]: {
        server_urls: OPENSEARCH.urls,
        auth: {
          basic: { username: "jaeger", password_file: "/etc/gpu-observability/secrets/jaeger-store-password" },
        },
        tls: { ca_file: "/etc/gpu-observability/jaeger-store-ca.pem" },
        indices: {
          index_prefix: "gpu",
          spans: { replicas: 2 },
          services: { replicas: 2 },
          dependencies: { replicas: 2 },
          sampling: { replicas: 2 },
        },
        max_span_age: "72h",
      },
    });
    expect(workload.secretFiles).toEqual({ "jaeger-store-password": "searchPassword" });
    expect(workload.files["jaeger-store-ca.pem"]).toBe(AUTHORITY);
  });

  it("may be a ClickHouse, whose password Jaeger puts in from a file", () => {
    expect(storeOf(CLICKHOUSE)).toMatchObject({
      clickhouse: {
        addresses: ["clickhouse.example.org:9000"],
        auth: { basic: { password: "${file:/etc/gpu-observability/secrets/jaeger-store-password}" } },
      },
    });
    expect(jaeger(CLICKHOUSE).secretFiles).toEqual({ "jaeger-store-password": "clickhousePassword" });
  });

  it("serves several copies, which then need no volume", () => {
    expect(jaeger(OPENSEARCH)).toMatchObject({ replicas: 2, volumes: [] });
  });

  it.each(["badger", "memory"] as const)("rejects several copies that each keep %s of their own", (storage) => {
    const text = messageOf(() => jaeger(storage));
    expect(text).toContain(`jaeger: replicas\n    expected  1 with ${storage}`);
    expect(() => jaeger(storage, 1)).not.toThrow();
  });
});

describe("GreptimeDB on a bucket", () => {
  it("writes tables there with credentials from a file, and what comes before them to its volume", () => {
    const workload = greptimedb(S3);
    expect(workload.files["greptimedb.toml"]).toBe(
      [
        "enable_telemetry = false",
        "",
        "[logging]",
        "max_log_files = 24",
        "",
        "[storage]",
        'data_home = "data/greptimedb"',
        'type = "S3"',
        'bucket = "blocks"',
        'root = "greptimedb"',
        'endpoint = "https://objects.example.org:9000"',
        'region = "eu-north-1"',
        "",
      ].join("\n"),
    );
    expect(workload.secretFiles).toMatchObject({ "object-store-credentials": "objectStoreCredentials" });
    expect(workload.env).toEqual({ AWS_SHARED_CREDENTIALS_FILE: "secrets/object-store-credentials" });
    expect(workload.volumes).toMatchObject([{ stateful: true }]);
  });

  it("is on its disk unless told", () => {
    expect(greptimedb().files).toEqual(greptimedb({ kind: "disk" }).files);
    expect(greptimedb().env).toEqual({});
  });
});
