import { describe, expect, it } from "vitest";
import { CLOCK_EVENTS } from "../../../components/signals/dcgm.ts";
import { DCGM_SIGNALS, GPU_SIGNALS } from "../../../components/signals/gpu.ts";
import { toPrometheusName } from "../../../components/signals/signal.ts";

/** The rows dcgm-exporter 4.5.3-4.8.2 enables itself (etc/default-counters.csv). */
const DEFAULTS = [
  "DCGM_FI_DEV_SM_CLOCK gauge",
  "DCGM_FI_DEV_MEM_CLOCK gauge",
  "DCGM_FI_DEV_MEMORY_TEMP gauge",
  "DCGM_FI_DEV_GPU_TEMP gauge",
  "DCGM_FI_DEV_POWER_USAGE gauge",
  "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter",
  "DCGM_FI_DEV_PCIE_REPLAY_COUNTER counter",
  "DCGM_FI_DEV_GPU_UTIL gauge",
  "DCGM_FI_DEV_MEM_COPY_UTIL gauge",
  "DCGM_FI_DEV_ENC_UTIL gauge",
  "DCGM_FI_DEV_DEC_UTIL gauge",
  "DCGM_FI_DEV_XID_ERRORS gauge",
  "DCGM_FI_DEV_FB_FREE gauge",
  "DCGM_FI_DEV_FB_USED gauge",
  "DCGM_FI_DEV_FB_RESERVED gauge",
  "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL counter",
  "DCGM_FI_DEV_VGPU_LICENSE_STATUS gauge",
  "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS counter",
  "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS counter",
  "DCGM_FI_DEV_ROW_REMAP_FAILURE gauge",
  "DCGM_FI_DRIVER_VERSION label",
  "DCGM_FI_PROF_GR_ENGINE_ACTIVE gauge",
  "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE gauge",
  "DCGM_FI_PROF_DRAM_ACTIVE gauge",
  "DCGM_FI_PROF_PCIE_TX_BYTES gauge",
  "DCGM_FI_PROF_PCIE_RX_BYTES gauge",
];

const mappingOf = (field: string) => DCGM_SIGNALS.find((signal) => signal.field === field)?.otel;

describe("the DCGM fields of the catalogue", () => {
  it("hold every field the pinned exporter enables itself, with its type", () => {
    const ours = DCGM_SIGNALS.map(({ field, exporterType }) => `${field} ${exporterType}`);
    expect(ours).toEqual(expect.arrayContaining(DEFAULTS));
  });

  it("hold the fields of throttling and ECC that upstream ships commented out (S0-02, S0-03)", () => {
    const fields = DCGM_SIGNALS.map(({ field }) => field);
    expect(fields).toEqual(
      expect.arrayContaining([
        ...["POWER", "THERMAL", "SYNC_BOOST", "BOARD_LIMIT", "LOW_UTIL", "RELIABILITY"].map(
          (name) => `DCGM_FI_DEV_${name}_VIOLATION`,
        ),
        ...["SBE_VOL", "DBE_VOL", "SBE_AGG", "DBE_AGG"].map((name) => `DCGM_FI_DEV_ECC_${name}_TOTAL`),
        "DCGM_FI_DEV_CLOCKS_EVENT_REASONS",
        "DCGM_EXP_CLOCK_EVENTS_COUNT",
        "DCGM_EXP_XID_ERRORS_COUNT",
      ]),
    );
  });

  it("stand in the catalogue once each", () => {
    const fields = DCGM_SIGNALS.map(({ field }) => field);
    expect(new Set(fields).size).toBe(fields.length);
  });

  it("turn percent, MiB and mJ into the units of the conventions", () => {
    expect(mappingOf("DCGM_FI_DEV_GPU_UTIL")).toMatchObject({ name: "hw.gpu.utilization", unit: "1", scale: 0.01 });
    expect(mappingOf("DCGM_FI_DEV_FB_USED")).toMatchObject({ unit: "By", scale: 1_048_576, monotonic: false });
    expect(mappingOf("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION")).toMatchObject({
      unit: "J",
      scale: 0.001,
      monotonic: true,
    });
  });

  it("keep two fields of one convention apart by an attribute", () => {
    const points = DCGM_SIGNALS.flatMap(({ otel }) =>
      otel === undefined ? [] : [JSON.stringify([otel.name, otel.attributes])],
    );
    expect(new Set(points).size).toBe(points.length);
  });

  it("never call a rate hw.gpu.io, nor an Xid code hw.errors", () => {
    expect(mappingOf("DCGM_FI_PROF_PCIE_TX_BYTES")).toBeUndefined();
    expect(mappingOf("DCGM_FI_DEV_XID_ERRORS")).toBeUndefined();
  });

  it("have the names Prometheus was seen to store", () => {
    const names = GPU_SIGNALS.map(({ prometheusName }) => prometheusName);
    expect(names).toEqual(
      expect.arrayContaining([
        "hw_gpu_utilization_ratio",
        "hw_gpu_memory_usage_bytes",
        "hw_temperature_celsius",
        "hw_power_watts",
        "hw_energy_joules_total",
        "hw_errors_total",
        "DCGM_FI_DEV_SM_CLOCK",
      ]),
    );
  });

  it("give one bit to each clock event", () => {
    expect(Object.values(CLOCK_EVENTS)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  });
});

describe("a name in Prometheus", () => {
  it("ends in _total once", () => {
    expect(toPrometheusName({ name: "jobs_total", unit: "", type: "counter" })).toBe("jobs_total");
  });

  it("has no ratio suffix on a sum of unit 1", () => {
    expect(toPrometheusName({ name: "hw.status", unit: "1", type: "updowncounter" })).toBe("hw_status");
  });
});
