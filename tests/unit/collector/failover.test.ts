import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderAgent } from "../../../components/collector/render-agent.ts";
import { agentWorkload } from "../../../components/collector/workload.ts";
import { toAddress } from "../../../components/core/endpoint.ts";
import { agentSettings } from "./fixture.ts";

const SIGNALS = ["traces", "metrics", "logs"] as const;

interface Level {
  readonly id: string;
  readonly endpoint: string;
  readonly retry_on_failure: { readonly enabled: boolean; readonly max_elapsed_time?: number };
  readonly sending_queue: { readonly enabled: boolean; readonly storage?: string; readonly queue_size?: number };
}

const agentsWithSeveralGateways = fc
  .record({ count: fc.integer({ min: 2, max: 5 }), queueMiB: fc.integer({ min: 64, max: 4096 }) })
  .map(({ count, queueMiB }) =>
    agentSettings({
      gateways: Array.from({ length: count }, (_, index) => ({ host: `gateway-${index}.internal`, port: 14317 })),
      queueMiB,
    }),
  );

/** The exporters a signal tries, in order. */
function levelsOf(signal: string, settings: Parameters<typeof renderAgent>[0]): readonly Level[] {
  const { connectors, exporters, service } = renderAgent(settings);
  const { priority_levels } = connectors[`failover/${signal}`] as { priority_levels: readonly (readonly string[])[] };
  return priority_levels.map((level) => {
    expect(level).toHaveLength(1);
    const pipeline = service.pipelines[level[0] ?? ""];
    expect(pipeline?.receivers).toEqual([`failover/${signal}`]);
    const [id = ""] = pipeline?.exporters ?? [];
    return { id, ...(exporters[id] as Omit<Level, "id">) };
  });
}

describe("an agent's way to several gateways", () => {
  it("tries the gateways in their order, then the first again (S0-29)", () => {
    fc.assert(
      fc.property(agentsWithSeveralGateways, fc.constantFrom(...SIGNALS), (settings, signal) => {
        const expected = [...settings.gateways, ...settings.gateways.slice(0, 1)].map(toAddress);
        expect(levelsOf(signal, settings).map(({ endpoint }) => endpoint)).toEqual(expected);
      }),
    );
  });

  it("moves a batch to the next gateway at once: only the last level queues and retries, without end", () => {
    fc.assert(
      fc.property(agentsWithSeveralGateways, fc.constantFrom(...SIGNALS), (settings, signal) => {
        const levels = levelsOf(signal, settings);
        const last = levels.at(-1);
        for (const level of levels.slice(0, -1)) {
          expect(level.retry_on_failure, level.id).toEqual({ enabled: false });
          expect(level.sending_queue, level.id).toEqual({ enabled: false });
        }
        expect(last?.retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: 0 });
        expect(last?.sending_queue).toMatchObject({ enabled: true, storage: "file_storage" });
      }),
    );
  });

  it("shows its certificate and the token to each of them", () => {
    for (const level of levelsOf("traces", agentSettings()))
      expect(level).toMatchObject({
        tls: { ca_file: "tls/ca.pem", cert_file: "tls/cert.pem", key_file: "tls/key.pem", min_version: "1.2" },
        auth: { authenticator: "bearertokenauth/gateway" },
      });
  });

  it("keeps its queues within the disk it was given", () => {
    fc.assert(
      fc.property(agentsWithSeveralGateways, (settings) => {
        const { connectors, exporters } = renderAgent(settings);
        const sizes = [...Object.values(connectors), ...Object.values(exporters)].map(
          (item) => (item as { sending_queue?: { queue_size?: number } }).sending_queue?.queue_size ?? 0,
        );
        // The last level's one queue takes three signals.
        const total = sizes.reduce((sum, size) => sum + size, 0);
        expect(total).toBeLessThanOrEqual((settings.queueMiB ?? 0) * 1024 * 1024);
      }),
    );
  });
});

describe("an agent's pipelines", () => {
  it("limit memory first; only those behind a connector limit none, where a refusal would repeat what was sent (S0-25)", () => {
    fc.assert(
      fc.property(agentsWithSeveralGateways, (settings) => {
        const { pipelines } = renderAgent(settings).service;
        const { "metrics/xid": counter, ...others } = pipelines;
        expect(counter?.receivers).toEqual(["count/xid"]);
        const bare = Object.entries(others).filter(([, { processors }]) => processors[0] !== "memory_limiter");
        for (const [id, { receivers, processors }] of bare) {
          expect(processors, id).toEqual([]);
          expect(receivers, id).toEqual([`failover/${id.split("/")[0]}`]);
        }
        expect(bare).toHaveLength(SIGNALS.length * (settings.gateways.length + 1));
      }),
    );
  });

  it("hold no batch processor and no sampler: batching is the queue's, sampling the gateways' (S0-30, C-30)", () => {
    const ids = Object.keys(renderAgent(agentSettings()).processors);
    expect(ids.filter((id) => /^(batch|tail_sampling|probabilistic_sampler)/.test(id))).toEqual([]);
  });

  it("are open to the host itself and to nobody else (S0-59)", () => {
    const { ports } = agentWorkload(agentSettings());
    for (const [name, listener] of Object.entries(ports))
      expect(listener, name).toMatchObject({ host: "127.0.0.1", access: "plaintext" });
  });
});
