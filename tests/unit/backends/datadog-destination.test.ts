import { describe, expect, it } from "vitest";
import { renderGateway } from "../../../components/collector/render-gateway.ts";
import { DATADOG_KEY_FILE } from "../../../components/collector/render-destinations.ts";
import type { Destination } from "../../../components/collector/settings.ts";
import { DESTINATIONS, findLooseEnds, gatewaySettings, SAMPLING_ON } from "../collector/fixture.ts";

const AGENT: Destination = { kind: "datadog", agent: { host: "datadog-agent.internal", port: 4317 } };
const INTAKE: Destination = { kind: "datadog", site: "datadoghq.eu" };
const settings = (datadog: Destination) =>
  gatewaySettings({ destinations: [...DESTINATIONS, datadog], sampling: SAMPLING_ON });
const exportersOf = (datadog: Destination) =>
  Object.entries(renderGateway(settings(datadog)).exporters).filter(([id]) => id.includes("datadog"));

describe("a gateway that sends to Datadog", () => {
  it("gives an Agent's OTLP receiver every signal (S1-06, S1-34)", () => {
    const { service } = renderGateway(settings(AGENT));
    expect(exportersOf(AGENT)).toMatchObject([
      ["otlp_grpc/datadog", { endpoint: "datadog-agent.internal:4317", tls: { insecure: true } }],
    ]);
    for (const id of ["traces/sampled", "metrics", "metrics/spans", "logs"])
      expect(service.pipelines[id]?.exporters, id).toContain("otlp_grpc/datadog");
  });

  it("gives the intake of a site traces and logs, with the key from a file, and no metrics: they are cumulative", () => {
    const { service, exporters } = renderGateway(settings(INTAKE));
    const key = { "dd-api-key": `\${file:secrets/${DATADOG_KEY_FILE}}` };
    expect(exporters["otlp_http/datadog-traces"]).toMatchObject({
      endpoint: "https://otlp.datadoghq.eu",
      headers: { ...key, compute_stats: "true" },
    });
    expect(exporters["otlp_http/datadog-logs"]).toMatchObject({ endpoint: "https://otlp.datadoghq.eu", headers: key });
    for (const [id, { exporters: ids }] of Object.entries(service.pipelines))
      if (id.startsWith("metrics")) expect(ids.join(), id).not.toContain("datadog");
  });

  it("has a queue on disk for it that makes no other backend wait, and no loose end", () => {
    for (const datadog of [AGENT, INTAKE]) {
      for (const [id, exporter] of exportersOf(datadog))
        expect(exporter, id).toMatchObject({
          sending_queue: { storage: "file_storage", block_on_overflow: false },
          retry_on_failure: { enabled: true, max_elapsed_time: 0 },
        });
      expect(findLooseEnds(renderGateway(settings(datadog)))).toEqual([]);
    }
  });

  it("changes no exporter of another backend but its share of the disk", () => {
    const others = ({ exporters }: ReturnType<typeof renderGateway>) =>
      Object.keys(exporters).filter((id) => !id.includes("datadog"));
    const without = renderGateway(gatewaySettings({ sampling: SAMPLING_ON }));
    for (const datadog of [AGENT, INTAKE]) expect(others(renderGateway(settings(datadog)))).toEqual(others(without));
  });
});
