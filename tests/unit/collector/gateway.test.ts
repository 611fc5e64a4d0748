import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CollectorConfig } from "../../../components/collector/config.ts";
import { planCollectorFlows } from "../../../components/collector/flow.ts";
import { renderGateway } from "../../../components/collector/render-gateway.ts";
import { gatewayWorkload } from "../../../components/collector/workload.ts";
import { destinationsOf } from "../../../components/pipeline/flow.ts";
import { DESTINATIONS, findLooseEnds, gatewaySettings, SAMPLING_OFF, SAMPLING_ON } from "./fixture.ts";

const PEERS = 3;
const settingsOfAnyGateway = fc
  .record({
    destinations: fc.subarray([...DESTINATIONS], { minLength: 1 }),
    sampling: fc.constantFrom(SAMPLING_OFF, SAMPLING_ON),
    peers: fc.integer({ min: 1, max: PEERS }),
    scrapeEnabled: fc.boolean(),
    debugEnabled: fc.boolean(),
    views: fc.constantFrom({ drop: [] }, { drop: ["^go_.*"], rename: { a: "b" }, aggregateAway: { c: ["d"] } }),
  })
  .map(({ peers, ...rest }) =>
    gatewaySettings({
      ...rest,
      peers: Array.from({ length: peers }, (_, index) => ({ host: `gateway-${index}.internal`, port: 14319 })),
    }),
  );

/** What switching a backend may touch, taken away. */
function withoutDestinations({ exporters: _, extensions: __, service, ...rest }: CollectorConfig): object {
  const pipelines = Object.fromEntries(
    Object.entries(service.pipelines).map(([id, { exporters: ___, ...pipeline }]) => [id, pipeline]),
  );
  return { ...rest, pipelines };
}

describe("a gateway", () => {
  it("counts spans under its own name although copies of a set share one file", () => {
    const settings = gatewaySettings();
    const inSet = { ...settings.placement, name: "gateway", nameVariable: "POD_NAME" as const, replicas: 2 };
    const text = JSON.stringify(renderGateway({ ...settings, placement: inSet }));
    expect(text).toContain('set(attributes[\\"gateway\\"], \\"${env:POD_NAME}\\")');
    expect(JSON.stringify(renderGateway(settings))).toContain(`\\"${settings.placement.name}\\"`);
  });

  it("ends connections of a set after a while, so that clients find copies that came later", () => {
    const settings = gatewaySettings();
    const grpc = (replicas: object) =>
      renderGateway({ ...settings, placement: { ...settings.placement, ...replicas } }).receivers["otlp"];
    expect(grpc({ replicas: 2 })).toHaveProperty("protocols.grpc.keepalive.server_parameters.max_connection_age", "2m");
    expect(grpc({})).not.toHaveProperty("protocols.grpc.keepalive");
  });

  it("has no loose end, whatever it sends to", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        // A view or guard of a signal nobody takes stays defined; only what is used must exist.
        const missing = findLooseEnds(renderGateway(settings)).filter(
          (end) => !end.endsWith("is defined and not used"),
        );
        expect(missing).toEqual([]);
      }),
    );
  });

  it("has nothing defined that it does not use when it sends everywhere", () => {
    for (const sampling of [SAMPLING_OFF, SAMPLING_ON])
      expect(findLooseEnds(renderGateway(gatewaySettings({ sampling })))).toEqual([]);
  });

  it("limits memory first wherever telemetry enters (S0-25, S2-40)", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        const { connectors, service } = renderGateway(settings);
        for (const [id, { receivers, processors }] of Object.entries(service.pipelines))
          if (receivers.some((receiver) => !(receiver in connectors))) expect(processors[0], id).toBe("memory_limiter");
      }),
    );
  });

  it("gives every destination a disk-backed queue of its own that never makes another wait (S0-33)", () => {
    const { exporters } = renderGateway(gatewaySettings());
    for (const [id, exporter] of Object.entries(exporters)) {
      if (id.startsWith("prometheusremotewrite")) expect(exporter, id).toHaveProperty("wal.directory");
      else {
        expect(exporter, id).toMatchObject({
          sending_queue: { storage: "file_storage", block_on_overflow: false },
          retry_on_failure: { enabled: true, max_elapsed_time: 0 },
        });
      }
    }
    expect(Object.keys(exporters)).toHaveLength(DESTINATIONS.length + 2);
  });

  it("sends each signal to the backends that hold it", () => {
    for (const sampling of [SAMPLING_OFF, SAMPLING_ON]) {
      const flows = planCollectorFlows(renderGateway(gatewaySettings({ sampling })));
      const stored = (signal: "traces" | "metrics" | "logs") =>
        destinationsOf(signal, flows).filter((id) => !id.startsWith("otlp_grpc/peer"));
      expect(stored("traces")).toEqual(["otlp_grpc/jaeger", "otlp_grpc/tempo", "otlp_http/greptimedb-traces"]);
      expect(stored("metrics")).toEqual([
        "otlp_http/greptimedb-metrics",
        "otlp_http/prometheus-a",
        "prometheusremotewrite/prometheus-b",
      ]);
      expect(stored("logs")).toEqual(["otlp_http/greptimedb-logs", "otlp_http/loki"]);
    }
  });

  it("changes only exporters and pipelines when a backend is switched (S0-51, S0-72)", () => {
    const [metrics, , tempo, jaeger] = DESTINATIONS;
    for (const sampling of [SAMPLING_OFF, SAMPLING_ON]) {
      const before = renderGateway(gatewaySettings({ sampling, destinations: [metrics, tempo] }));
      const after = renderGateway(gatewaySettings({ sampling, destinations: [metrics, jaeger] }));
      expect(Object.keys(after.exporters)).not.toEqual(Object.keys(before.exporters));
      expect(withoutDestinations(after)).toEqual(withoutDestinations(before));
    }
  });

  it("sends to GreptimeDB by one OTLP/HTTP exporter a signal, with its headers and password file (C-09, S2-48)", () => {
    const { exporters, extensions } = renderGateway(gatewaySettings());
    expect(exporters["otlp_http/greptimedb-traces"]).toMatchObject({
      endpoint: "http://greptimedb.internal:4000/v1/otlp",
      headers: {
        "x-greptime-db-name": "public",
        "x-greptime-hints": "ttl=30d",
        "x-greptime-pipeline-name": "greptime_trace_v1",
      },
      auth: { authenticator: "basicauth/greptimedb" },
    });
    expect(extensions["basicauth/greptimedb"]).toEqual({
      client_auth: { username: "greptime_user", password: "${file:secrets/greptimedb-password}" },
    });
  });

  it("makes no batches again of traces, which agents, peers and the sampler hand over in batches", () => {
    const { exporters } = renderGateway(gatewaySettings({ sampling: SAMPLING_ON }));
    const isBatched = (exporter: object) => "batch" in (exporter as { sending_queue: object }).sending_queue;
    const queued = Object.entries(exporters).filter(([, exporter]) => "sending_queue" in exporter);
    expect(queued.filter(([, exporter]) => !isBatched(exporter)).map(([id]) => id)).toEqual([
      "otlp_grpc/tempo",
      "otlp_grpc/jaeger",
      "otlp_grpc/peer_1",
      "otlp_grpc/peer_2",
    ]);
  });

  it("compresses cheaply what goes to Tempo, Jaeger and its peers, and as usual what goes anywhere else", () => {
    const destinations = [...DESTINATIONS, { kind: "datadog", agent: { host: "datadog-agent", port: 4317 } } as const];
    const { exporters } = renderGateway(gatewaySettings({ sampling: SAMPLING_ON, destinations }));
    const snappy = Object.entries(exporters).filter(([, exporter]) => "compression" in exporter);
    expect(snappy.map(([id]) => id).sort()).toEqual([
      "otlp_grpc/jaeger",
      "otlp_grpc/peer_1",
      "otlp_grpc/peer_2",
      "otlp_grpc/tempo",
    ]);
    for (const [id, exporter] of snappy) expect(exporter, id).toHaveProperty("compression", "snappy");
  });

  it("asks every sender for a certificate and the token", () => {
    const { receivers } = renderGateway(gatewaySettings({ sampling: SAMPLING_ON }));
    const protocols = Object.values(receivers).flatMap((receiver) =>
      Object.values((receiver as { protocols: Record<string, object> }).protocols),
    );
    expect(protocols).toHaveLength(3);
    for (const protocol of protocols)
      expect(protocol).toMatchObject({
        tls: { client_ca_file: "tls/ca.pem" },
        auth: { authenticator: "bearertokenauth/gateway" },
      });
  });

  it("names its secrets and holds none", () => {
    const { secretFiles, files, env } = gatewayWorkload(gatewaySettings());
    expect(secretFiles).toEqual({ "otlp-token": "otlp-token", "greptimedb-password": "greptimedb-password" });
    expect(Object.keys(files)).toEqual(["otel-collector-config.yaml"]);
    expect(env).toEqual({ GOMEMLIMIT: "281MiB", GOGC: "400" });
  });
});

describe("sampling at a gateway", () => {
  it("is absent where every trace is kept", () => {
    const text = JSON.stringify(renderGateway(gatewaySettings({ sampling: SAMPLING_OFF })));
    expect(text).not.toContain("tail_sampling");
    expect(text).not.toContain("peer");
  });

  it("comes after span metrics and the service graph (C-03)", () => {
    const { pipelines } = renderGateway(gatewaySettings({ sampling: SAMPLING_ON })).service;
    expect(pipelines["traces"]?.exporters).toEqual(["spanmetrics", "servicegraph", "routing/peers"]);
    expect(pipelines["traces"]?.processors).not.toContain("tail_sampling");
    expect(pipelines["traces/sampled"]?.processors).toEqual(["tail_sampling", "batch/sampled"]);
  });

  it("gives each peer a queue of its own, so that a dead one stops nobody else's traces (S0-31)", () => {
    const { exporters, service } = renderGateway(gatewaySettings({ sampling: SAMPLING_ON }));
    for (const peer of [1, 2]) {
      expect(service.pipelines[`traces/share_${peer}`]?.exporters).toEqual([`otlp_grpc/peer_${peer}`]);
      expect(exporters[`otlp_grpc/peer_${peer}`]).toMatchObject({ sending_queue: { storage: "file_storage" } });
    }
  });

  it("refuses what peers hand over before its sampler, and judges its own share once (S0-25)", () => {
    const { pipelines } = renderGateway(gatewaySettings({ sampling: SAMPLING_ON })).service;
    expect(pipelines["traces/peers"]).toEqual({
      receivers: ["otlp/peer"],
      processors: ["memory_limiter"],
      exporters: ["forward/sampled"],
    });
    expect(pipelines["traces/sampled"]?.receivers).toEqual(["routing/peers", "forward/sampled"]);
  });
});
