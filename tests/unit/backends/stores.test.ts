import { describe, expect, it } from "vitest";
import type { JaegerSettings } from "../../../components/jaeger/settings.ts";
import { jaegerWorkload } from "../../../components/jaeger/workload.ts";
import type { LokiSettings } from "../../../components/loki/settings.ts";
import { lokiWorkload } from "../../../components/loki/workload.ts";
import type { BlockStorage } from "../../../components/runtime/object-storage.ts";
import type { TempoSettings } from "../../../components/tempo/settings.ts";
import { tempoWorkload } from "../../../components/tempo/workload.ts";
import { findAll, placementOf, readConfig } from "./fixture.ts";

const S3: BlockStorage = { kind: "s3", endpoint: "s3.example.com", bucket: "blocks", region: "eu-north-1" };
const ASKS_FOR_CERTIFICATE = {
  cert_file: "tls/cert.pem",
  key_file: "tls/key.pem",
  client_ca_file: "tls/ca.pem",
};
const SERVER = { ...ASKS_FOR_CERTIFICATE, client_auth_type: "RequireAndVerifyClientCert" };
const RECEIVER = { ...ASKS_FOR_CERTIFICATE, min_version: "1.2" };
const CLIENT = {
  tls_enabled: true,
  tls_cert_path: "tls/cert.pem",
  tls_key_path: "tls/key.pem",
  tls_ca_path: "tls/ca.pem",
};

const tempo = (changes: Partial<TempoSettings> = {}) =>
  tempoWorkload({
    placement: placementOf("tempo", { http: 3200, grpc: 3201, otlp: 4327, gossip: 7946 }),
    retention: "14d",
    storage: { kind: "disk" },
    ...changes,
  });
const loki = (changes: Partial<LokiSettings> = {}) =>
  lokiWorkload({
    placement: placementOf("loki", { http: 3100, grpc: 3101, gossip: 7946 }),
    retention: "14d",
    storage: { kind: "disk" },
    ...changes,
  });
const jaeger = (changes: Partial<JaegerSettings> = {}) =>
  jaegerWorkload({
    placement: placementOf("jaeger", { query: 16686, queryGrpc: 16685, otlp: 4337, health: 13134, metrics: 8886 }),
    retention: "72h",
    storage: "badger",
    ...changes,
  });
const tempoConfig = (changes?: Partial<TempoSettings>) => readConfig(tempo(changes), "tempo.yaml");
const lokiConfig = (changes?: Partial<LokiSettings>) => readConfig(loki(changes), "loki.yaml");
const jaegerConfig = (changes?: Partial<JaegerSettings>) => readConfig(jaeger(changes), "jaeger.yaml");

describe("Tempo", () => {
  it("asks for a certificate on each of its three listeners", () => {
    const config = tempoConfig();
    expect(config).toMatchObject({ server: { http_tls_config: SERVER, grpc_tls_config: SERVER } });
    expect(config).toHaveProperty("distributor.receivers.otlp.protocols", {
      grpc: { endpoint: "127.0.0.1:4327", tls: RECEIVER },
    });
    expect(Object.values(tempo().ports).map(({ access }) => access)).toEqual(["mtls", "mtls", "mtls"]);
  });

  it("checks its own certificate by its own name when its parts call each other", () => {
    const clients = findAll(tempoConfig(), "grpc_client_config");
    expect(clients.length).toBeGreaterThan(1);
    for (const client of clients) expect(client).toEqual({ ...CLIENT, tls_server_name: "tempo" });
  });

  it("opens no gossip port: every ring is in memory", () => {
    const stores = findAll(tempoConfig(), "kvstore");
    expect(stores.length).toBeGreaterThan(4);
    for (const store of stores) expect(store).toEqual({ store: "inmemory" });
  });

  it("keeps traces for the time it was told, in hours, because it knows no days (C-39)", () => {
    expect(tempoConfig({ retention: "14d" })).toHaveProperty("compactor.compaction.block_retention", "336h");
  });

  it("keeps blocks on its disk or in a bucket, and what is not yet a block always on its disk", () => {
    expect(tempoConfig()).toHaveProperty("storage.trace", {
      wal: { path: "data/traces/wal" },
      backend: "local",
      local: { path: "data/traces/blocks" },
    });
    expect(tempoConfig({ storage: S3 })).toHaveProperty("storage.trace", {
      wal: { path: "data/traces/wal" },
      backend: "s3",
      s3: { endpoint: "s3.example.com", bucket: "blocks", region: "eu-north-1" },
    });
  });
});

describe("Loki", () => {
  it("asks for a certificate on both of its listeners", () => {
    expect(lokiConfig()).toMatchObject({ server: { http_tls_config: SERVER, grpc_tls_config: SERVER } });
    expect(Object.values(loki().ports).map(({ access }) => access)).toEqual(["mtls", "mtls"]);
  });

  it("checks its own certificate by its own name when its parts call each other", () => {
    const clients = findAll(lokiConfig(), "grpc_client_config");
    expect(clients.length).toBeGreaterThan(2);
    for (const client of clients) expect(client).toEqual({ ...CLIENT, tls_server_name: "loki" });
  });

  it.each([
    ["disk", { kind: "disk" }, "filesystem"],
    ["a bucket", S3, "s3"],
  ] as const)("deletes old lines of %s, from the store it wrote them to (C-39)", (_, storage, store) => {
    const config = lokiConfig({ storage, retention: "14d" });
    expect(config).toMatchObject({
      limits_config: { retention_period: "336h" },
      compactor: { retention_enabled: true, delete_request_store: store },
    });
    expect(findAll(config, "object_store")).toEqual([store]);
    expect(Object.keys(findAll(config, "storage")[0] as object)).toEqual([store]);
  });

  it("finds lines by host and by trace (S0-01, S0-12)", () => {
    expect(lokiConfig()).toMatchObject({
      limits_config: {
        allow_structured_metadata: true,
        otlp_config: {
          resource_attributes: { attributes_config: [{ action: "index_label", attributes: ["host.name"] }] },
        },
      },
    });
  });

  it("calls itself where it listens, not on every address of its container", () => {
    const placement = { ...placementOf("loki", { http: 3100, grpc: 3101, gossip: 7946 }), bind: "0.0.0.0" };
    expect(lokiConfig({ placement })).toMatchObject({
      server: { http_listen_address: "0.0.0.0" },
      common: { instance_addr: "127.0.0.1" },
      frontend_worker: { frontend_address: "127.0.0.1:3101" },
    });
  });
});

describe("Jaeger", () => {
  it("asks for a certificate wherever traces come in or are read", () => {
    const config = jaegerConfig();
    const listeners = [
      ...findAll(findAll(config, "jaeger_query")[0], "http"),
      ...findAll(findAll(config, "jaeger_query")[0], "grpc"),
      ...findAll(findAll(config, "receivers")[0], "grpc"),
    ];
    expect(listeners).toEqual([
      { endpoint: "127.0.0.1:16686", tls: RECEIVER },
      { endpoint: "127.0.0.1:16685", tls: RECEIVER },
      { endpoint: "127.0.0.1:4337", tls: RECEIVER },
    ]);
    const open = Object.entries(jaeger().ports).filter(([, { access }]) => access !== "mtls");
    expect(open.map(([name]) => name)).toEqual(["health", "metrics"]);
  });

  it("keeps traces on disk for the time it was told, or in memory (C-39)", () => {
    expect(jaegerConfig({ retention: "48h" })).toHaveProperty("extensions.jaeger_storage.backends.traces.badger", {
      directories: { keys: "data/badger/keys", values: "data/badger/values" },
      ephemeral: false,
      ttl: { spans: "48h" },
    });
    expect(jaegerConfig({ storage: "memory" })).toHaveProperty("extensions.jaeger_storage.backends.traces.memory");
    expect(jaeger().volumes.map(({ name }) => name)).toEqual(["badger"]);
    expect(jaeger({ storage: "memory" }).volumes).toEqual([]);
  });

  it("writes to and reads from one store", () => {
    const config = jaegerConfig();
    expect(findAll(config, "trace_storage")).toEqual(["traces"]);
    expect(config).toHaveProperty("extensions.jaeger_query.storage.traces", "traces");
  });

  it("does not trace itself: its spans would come back to it", () => {
    expect(jaegerConfig()).toHaveProperty("extensions.jaeger_query.enable_tracing", false);
    expect(jaeger().env).toEqual({ OTEL_TRACES_SAMPLER: "always_off" });
  });
});

describe.each([
  ["Tempo", tempo()],
  ["Loki", loki()],
  ["Jaeger", jaeger()],
])("the workload of %s", (_, workload) => {
  it("holds no secret and keeps what it stores", () => {
    expect(workload.secretFiles).toEqual({});
    expect(workload.volumes.every(({ stateful }) => stateful)).toBe(true);
  });

  it("names in its configuration every port it listens on", () => {
    const text = JSON.stringify(Object.values(workload.files));
    for (const [name, { port }] of Object.entries(workload.ports)) expect(text, name).toContain(String(port));
    expect(workload.ports).toHaveProperty(workload.health.port);
  });
});
