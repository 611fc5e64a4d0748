import { describe, expect, it } from "vitest";
import { jaegerWorkload } from "../../components/jaeger/workload.ts";
import { lokiWorkload } from "../../components/loki/workload.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { tempoWorkload } from "../../components/tempo/workload.ts";
import { NETWORKS } from "../support/networks.ts";
import { runProgram } from "../support/programs.ts";
import { relocate } from "../support/relocate.ts";
import { AUTHORITY, CLICKHOUSE, OPENSEARCH, placeSet, S3 } from "../unit/backends/replicated-fixture.ts";

const loki = lokiWorkload({
  placement: placeSet("loki", { http: 3100, grpc: 3101, gossip: 7946 }, 3),
  retention: "31d",
  storage: { ...S3, authority: AUTHORITY },
});
const tempo = tempoWorkload({
  placement: placeSet("tempo", { http: 3200, grpc: 3201, otlp: 4317, gossip: 7946 }, 3),
  retention: "14d",
  storage: { ...S3, authority: AUTHORITY },
});
const JAEGER_PORTS = { query: 16686, queryGrpc: 16685, otlp: 4317, health: 13134, metrics: 8886 };
const jaeger = (storage: Parameters<typeof jaegerWorkload>[0]["storage"]) =>
  jaegerWorkload({ placement: placeSet("jaeger", JAEGER_PORTS, 2), retention: "72h", storage });

async function judge(workload: Workload, flags: readonly string[]) {
  const at = await relocate(workload);
  try {
    const env = { ...at.env, POD_NAME: `${workload.name}-0`, POD_IP: `${NETWORKS.replicatedJudges}.1` };
    return runProgram(workload.program, [...flags, ...at.args], at.folder, env);
  } finally {
    at.remove();
  }
}

describe("what several copies read", () => {
  it.each([
    ["Loki on a bucket", loki, ["-verify-config"]],
    ["Tempo on a bucket", tempo, ["-config.verify"]],
    ["Jaeger on OpenSearch", jaeger(OPENSEARCH), ["validate"]],
    ["Jaeger on Elasticsearch", jaeger({ ...OPENSEARCH, kind: "elasticsearch" }), ["validate"]],
    ["Jaeger on ClickHouse", jaeger(CLICKHOUSE), ["validate"]],
  ] as const)("is accepted by %s itself", async (_, workload, flags) => {
    const { status, output } = await judge(workload, flags);
    expect(status, output).toBe(0);
  });

  it.each([
    ["Loki", loki, ["-verify-config"], "rejoin_interval", "rejoin_intervall"],
    ["Tempo", tempo, ["-config.verify"], "rejoin_interval", "rejoin_intervall"],
    ["Jaeger", jaeger(OPENSEARCH), ["validate"], "index_prefix", "index_prefixx"],
    ["Jaeger", jaeger(CLICKHOUSE), ["validate"], "create_schema", "create_schemata"],
  ] as const)("rejects a word %s does not know", async (_, workload, flags, known, unknown) => {
    const files = Object.fromEntries(
      Object.entries(workload.files).map(([file, text]) => [file, text.replace(known, unknown)]),
    );
    const { status, output } = await judge({ ...workload, files }, flags);
    expect(status).not.toBe(0);
    expect(output).toContain(unknown);
  });
});
