import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planCollectorFlows } from "../../../components/collector/flow.ts";
import { renderAgent } from "../../../components/collector/render-agent.ts";
import { agentWorkload } from "../../../components/collector/workload.ts";
import { destinationsOf, sourcesOf } from "../../../components/pipeline/flow.ts";
import { agentSettings, findLooseEnds, GATEWAYS } from "./fixture.ts";

const SIGNALS = ["traces", "metrics", "logs"] as const;
const settingsOfAnyAgent = fc
  .record({
    gateways: fc.constantFrom(GATEWAYS, GATEWAYS.slice(0, 1)),
    nvidiaLogs: fc.constantFrom<readonly string[]>([], ["/var/log/nvidia-*.log"]),
    dropMetrics: fc.constantFrom<readonly string[]>([], ["^go_.*"]),
  })
  .map(agentSettings);

describe("an agent", () => {
  it("has no loose end, whatever is switched on", () => {
    fc.assert(
      fc.property(settingsOfAnyAgent, (settings) => {
        expect(findLooseEnds(renderAgent(settings))).toEqual([]);
      }),
    );
  });

  it("limits memory first wherever telemetry enters (S0-25)", () => {
    fc.assert(
      fc.property(settingsOfAnyAgent, (settings) => {
        const { pipelines } = renderAgent(settings).service;
        for (const signal of SIGNALS) expect(pipelines[signal]?.processors[0]).toBe("memory_limiter");
      }),
    );
  });

  it("scrapes the DCGM and node exporters (S0-16, S0-17)", () => {
    const text = JSON.stringify(renderAgent(agentSettings()).receivers["prometheus"]);
    expect(text).toContain("127.0.0.1:9400");
    expect(text).toContain("127.0.0.1:9100");
  });

  it("reads kernel and NVIDIA logs as logs, and the host as metrics (S0-18, S0-62, S0-63)", () => {
    const config = renderAgent(agentSettings());
    const flows = planCollectorFlows(config);
    expect(sourcesOf("logs", flows)).toEqual(["filelog/kernel", "filelog/nvidia", "otlp"]);
    expect(sourcesOf("metrics", flows)).toEqual(["count/xid", "hostmetrics", "otlp", "prometheus"]);
    expect(config.receivers["filelog/kernel"]).toMatchObject({
      include: ["/var/log/kern.log"],
      storage: "file_storage",
    });
  });

  it("reaches every gateway with every signal (S0-29)", () => {
    const config = renderAgent(agentSettings());
    const flows = planCollectorFlows(config);
    for (const signal of SIGNALS) {
      const endpoints = destinationsOf(signal, flows).map(
        (id) => (config.exporters[id] as { endpoint: string }).endpoint,
      );
      expect([...new Set(endpoints)].sort()).toEqual(["gateway-a.internal:14317", "gateway-b.internal:14317"]);
    }
  });

  it("keeps on disk what no gateway took, and retries for ever (S0-29)", () => {
    const { connectors, exporters } = renderAgent(agentSettings());
    const onDisk = { sending_queue: { storage: "file_storage", block_on_overflow: true } };
    for (const signal of SIGNALS) {
      const connector = connectors[`failover/${signal}`] as { priority_levels: string[][] };
      expect(connector).toMatchObject(onDisk);
      expect(connector.priority_levels.at(-1)).toEqual([`${signal}/gateway_again`]);
    }
    expect(exporters["otlp_grpc/gateway_again"]).toMatchObject({
      ...onDisk,
      retry_on_failure: { max_elapsed_time: 0 },
    });
  });

  it("sends straight to the one name of all gateways where there is one", () => {
    const { connectors, exporters } = renderAgent(agentSettings({ gateways: GATEWAYS.slice(0, 1) }));
    expect(Object.keys(connectors)).toEqual(["count/xid"]);
    expect(Object.values(exporters)).toMatchObject([
      {
        endpoint: "dns:///gateway-a.internal:14317",
        balancer_name: "round_robin",
        sending_queue: { storage: "file_storage" },
      },
    ]);
  });

  it("counts Xid lines behind what says which host they are of, and adds the counts up (C-38)", () => {
    const { pipelines } = renderAgent(agentSettings()).service;
    expect(pipelines["logs"]?.exporters).toContain("count/xid");
    expect(pipelines["logs"]?.processors.at(-1)).toBe("resource/host");
    expect(pipelines["metrics/xid"]).toEqual({
      receivers: ["count/xid"],
      processors: ["transform/xid_arrival", "deltatocumulative/xid"],
      exporters: pipelines["metrics"]?.exporters,
    });
  });

  it("spells a PCI bus id one way in metrics and logs, so that the two can be joined", () => {
    const { processors } = renderAgent(agentSettings());
    expect(JSON.stringify(processors["transform/gpu"])).toContain('ConvertCase(attributes[\\"pci_bus_id');
    expect(JSON.stringify(processors["transform/kernel"])).toContain('ConvertCase(attributes[\\"nvidia.pci_bus_id');
  });

  it("drops metrics only where asked to (S0-24)", () => {
    const processors = (dropMetrics: readonly string[]) =>
      renderAgent(agentSettings({ dropMetrics })).service.pipelines["metrics"]?.processors;
    expect(processors([])).not.toContain("filter/dropped");
    expect(processors(["^go_.*"])).toContain("filter/dropped");
  });

  it("quotes a name that holds a backslash, as the collector reads it", () => {
    const { processors } = renderAgent(agentSettings({ dropMetrics: ["^go_\\d+$"] }));
    expect(processors["filter/dropped"]).toMatchObject({ metrics: { metric: ['IsMatch(name, "^go_\\\\d+$")'] } });
  });

  it("names its token and holds none", () => {
    const { files, secretFiles, args, env } = agentWorkload(agentSettings());
    expect(secretFiles).toEqual({ "otlp-token": "otlp-token" });
    expect(files["otel-collector-config.yaml"]).toContain("filename: secrets/otlp-token");
    expect(env).toEqual({ GOMEMLIMIT: "281MiB" });
    expect(args[0]).toBe("--config=otel-collector-config.yaml");
  });
});
