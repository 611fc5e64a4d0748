import { describe, expect, it } from "vitest";
import { READINGS_OF_SOME, REQUIRED_READINGS } from "../../../components/alerts/gpu/presence.ts";
import { ALL_SIGNALS } from "../../../components/signals/catalogue.ts";
import { collector } from "../../../components/signals/collector.ts";
import { DCGM_SIGNALS, gpu } from "../../../components/signals/gpu.ts";
import type { SignalDefinition } from "../../../components/signals/signal.ts";
import { ALERTS, RECORDINGS } from "../../rules/environment.ts";

const GPU_ALERTS = ALERTS.filter(({ area }) => area === "gpu");
const RULES = [...ALERTS, ...RECORDINGS];

/** Signals a rule rests on, those behind its recording rules included. */
function signalsOf(signals: readonly SignalDefinition[]): readonly SignalDefinition[] {
  return signals.flatMap((signal) =>
    signal.source === "recording-rule"
      ? signalsOf(
          RECORDINGS.filter(({ prometheusName }) => prometheusName === signal.prometheusName).flatMap(
            ({ query }) => query.signals,
          ),
        )
      : [signal],
  );
}

describe("defects of published alert packs (anchors-features.md) cannot happen here", () => {
  it("1: memory used is bytes of framebuffer, never a copy engine's percentage", () => {
    expect(gpu.memoryUsed).toMatchObject({ exporterField: "DCGM_FI_DEV_FB_USED", unit: "By" });
    const wrong = RULES.filter(({ query }) => query.signals.includes(gpu.memoryCopyUtilization));
    expect(wrong).toEqual([]);
  });

  it("1: no rule reads a field that the counters file does not enable", () => {
    const enabled = DCGM_SIGNALS.map(({ field }) => field);
    const read = RULES.flatMap(({ query }) => query.signals.flatMap(({ exporterField = [] }) => exporterField));
    expect(read.filter((field) => !enabled.includes(field))).toEqual([]);
  });

  it("2: no rule averages codes of Xids, nor the GPUs of a host", () => {
    const averaging = RULES.filter(({ query }) => /\bavg\s*(by|without)?\s*\(/.test(query.text));
    expect(averaging.filter(({ query }) => signalsOf(query.signals).some(isOfGpu))).toEqual([]);
  });

  it("3: clock reasons go by their present name, and hosts by host_name in every GPU alert", () => {
    expect(JSON.stringify(ALL_SIGNALS)).not.toContain("CLOCK_THROTTLE_REASONS");
    for (const { name, summary } of GPU_ALERTS) expect(summary, name).not.toMatch(/\$labels\.[Hh]ostname\b/);
  });

  it("4: a GPU is named with its host, or all nodes collide", () => {
    for (const { name, summary } of GPU_ALERTS)
      if (summary.includes("$labels.gpu")) expect(summary, name).toContain("$labels.host_name");
  });

  it("5: a collector's metric has one spelling, with _total on every counter", () => {
    const names = Object.values(collector).filter(({ type }) => type === "counter");
    for (const { prometheusName } of names) expect(prometheusName).toMatch(/_total$/);
  });

  it("6: time held down by heat has a second witness, since its unit was published as ns and as us", () => {
    const thermal = ALERTS.find(({ name }) => name === "GpuThermalThrottling");
    expect(thermal?.query.signals).toEqual(expect.arrayContaining([gpu.thermalThrottle, gpu.clockEvents]));
    expect(gpu.thermalThrottle.unit).toBe("ns");
  });

  it("7: no rule reads the last Xid, which stays for ever", () => {
    expect(RULES.filter(({ query }) => query.signals.includes(gpu.lastXid))).toEqual([]);
  });

  it("8: a missing series is told: every reading a GPU alert rests on has an alert for its absence", () => {
    // Readings that may be absent on a healthy GPU are watched by the exporter's own alerts and by the second witness.
    const watched = [...REQUIRED_READINGS, ...READINGS_OF_SOME, gpu.temperature, gpu.power];
    const unwatched = GPU_ALERTS.flatMap(({ name, query }) =>
      signalsOf(query.signals)
        .filter((signal) => isOfGpu(signal) && signal.absentWhile === undefined && !watched.includes(signal))
        .map((signal) => `${name}: ${signal.prometheusName}`),
    );
    expect(unwatched).toEqual([]);
    expect(ALERTS.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["GpuMissing", "GpuExporterDown", "GpuReadingLost", "GpuReadingNeverSeen", "HostSilent"]),
    );
  });
});

function isOfGpu({ source }: SignalDefinition): boolean {
  return source === "dcgm-exporter";
}
