import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastQueueMiB, planQueues } from "../../../components/collector/plan-queues.ts";
import { renderGateway } from "../../../components/collector/render-gateway.ts";
import type { Destination, GatewaySettings } from "../../../components/collector/settings.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planGateways, planGatewaySettings } from "../../../infra/deploy/gateways.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { DESTINATIONS, gatewaySettings, SAMPLING_OFF, SAMPLING_ON } from "./fixture.ts";

const MIB = 1024 ** 2;
const ACCESS = { url: "https://greptimedb.example.org", credentials: undefined, authority: undefined };
/** Every kind of destination there is, each way it can be sent to. */
const EVERY = [
  ...DESTINATIONS,
  { kind: "external-greptimedb", access: ACCESS, database: "public" },
  {
    kind: "external-prometheus",
    name: "external",
    endpoint: "https://prometheus.example.org",
    path: "otlp",
    access: ACCESS,
  },
  { kind: "datadog", site: "datadoghq.com" },
  { kind: "datadog", agent: { host: "datadog-agent.internal", port: 4317 } },
] as unknown as readonly Destination[];

const settingsOfAnyGateway = fc
  .record({
    destinations: fc.subarray([...EVERY], { minLength: 1 }),
    gateways: fc.integer({ min: 1, max: 6 }),
    sampling: fc.constantFrom(SAMPLING_OFF, SAMPLING_ON),
    queueMiB: fc.integer({ min: 64, max: 20_480 }),
  })
  .map(({ gateways, ...rest }) =>
    gatewaySettings({
      ...rest,
      peers: Array.from({ length: gateways }, (_, index) => ({ host: `gateway-${index}`, port: 14319 })),
    }),
  );

/** Bytes of every queue a gateway was rendered with, by exporter. */
function queuesOf(settings: GatewaySettings): readonly number[] {
  return Object.values(renderGateway(settings).exporters).flatMap((exporter) => {
    const size = (exporter as { sending_queue?: { queue_size?: number } }).sending_queue?.queue_size;
    return size === undefined ? [] : [size];
  });
}

const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);

describe("a gateway's queues", () => {
  it("fit its volume when all are full, with a tenth to spare for their files, whatever it sends to", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        expect(sum(queuesOf(settings))).toBeLessThanOrEqual(0.9 * settings.queueMiB * MIB);
      }),
    );
  });

  it("are as many, and as large together, as planned", () => {
    const settings = gatewaySettings({
      destinations: EVERY.filter((one) => !("path" in one) || one.path === "otlp"),
      sampling: SAMPLING_ON,
    });
    const { backends, peers, sumMiB } = planQueues(settings);
    const queues = queuesOf(settings);
    expect(queues).toHaveLength(backends + peers);
    expect(sum(queues)).toBe(sumMiB * MIB);
  });

  it("leave a share to the log of remote write, which has no limit of its own", () => {
    const [remote] = EVERY.filter((one) => one.kind === "prometheus" && one.path === "remoteWrite");
    expect(planQueues(gatewaySettings({ destinations: remote === undefined ? [] : [remote] })).backends).toBe(1);
  });

  it("hold a batch each on the smallest volume that is accepted", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        const least = leastQueueMiB(settings);
        for (const size of queuesOf({ ...settings, queueMiB: least })) expect(size).toBeGreaterThanOrEqual(16 * MIB);
        expect(Math.min(...queuesOf({ ...settings, queueMiB: least - 2 }), 16 * MIB - 1)).toBeLessThan(16 * MIB);
      }),
    );
  });

  it.each(ENVIRONMENT_NAMES)("fit the volume in %s as written", (name) => {
    for (const settings of planGatewaySettings(planTopology(readEnvironment(PROJECT_ROOT, name)))) {
      const [queues, volume] = [sum(queuesOf(settings)) / MIB, settings.queueMiB];
      console.info(`${name}: queues of ${settings.placement.name}: ${queues} MiB on ${volume} MiB`);
      expect(queues).toBeGreaterThan(0.8 * volume);
      expect(queues).toBeLessThanOrEqual(0.9 * volume);
    }
  });

  it("rejects a volume on which a queue would be smaller than a batch, and says how large it must be", () => {
    const hosts = [{ name: "gpu-1", runtime: "process", simulated: true, gpus: 8 }];
    const raw = { runtime: "process", hosts, gateways: { queueMiB: 64 } };
    expect(() => planGateways(planTopology(loadEnvironment("local", raw)))).toThrow(
      /gateways\.queueMiB[\s\S]*expected {2}at least 89:[\s\S]*got {7}64[\s\S]*set gateways\.queueMiB: 89/,
    );
  });
});
