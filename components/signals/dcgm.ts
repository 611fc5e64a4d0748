/** How dcgm-exporter serves a field: a value, a growing count, or a label on every other series. */
export type DcgmExporterType = "gauge" | "counter" | "label";

/** What an agent turns a DCGM field into. */
export interface OtelMapping {
  /** Name in the OpenTelemetry semantic conventions (hw.*, v1.44, all still in development). */
  readonly name: string;
  /** UCUM unit of the converted value. */
  readonly unit: string;
  /** Factor from the exporter's unit to `unit`. */
  readonly scale: number;
  readonly kind: "gauge" | "sum";
  /** Whether a sum only grows; absent on a gauge. */
  readonly monotonic?: boolean;
  /** Attributes every point gets. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One DCGM field this platform enables, as dcgm-exporter 4.5.3-4.8.2 serves it. */
export interface DcgmSignal {
  /** Field name: the row of the counters file and the name of the series. */
  readonly field: string;
  readonly exporterType: DcgmExporterType;
  /** Text of the `# HELP` line; no comma, because the counters file has no quotes. */
  readonly help: string;
  /** Unit as exported: `%`, `MiB`, `mJ`, `MHz`; empty for a plain count or code. */
  readonly unit: string;
  /** Labels beside those every series of a GPU has. */
  readonly labels?: readonly string[];
  /** Why a healthy GPU may have no such series. */
  readonly absentWhile?: string;
  /** Absent where no convention exists: the field then keeps its own name. */
  readonly otel?: OtelMapping;
}

/** Labels every series of a GPU has, in the order the exporter writes them (it adds MIG ones after `modelName`). */
export const DCGM_LABELS = ["gpu", "UUID", "pci_bus_id", "device", "modelName", "Hostname"] as const;
/** Labels a series of a MIG instance has besides. */
export const DCGM_MIG_LABELS = ["GPU_I_PROFILE", "GPU_I_ID"] as const;

/** How later exporters spell labels: `Hostname` since 4.8.3, `DCGM_FI_DRIVER_VERSION` since 4.9.0. */
export const LATER_DCGM_LABELS: readonly string[] = ["hostname", "DCGM_FI_SYSTEM_DRIVER_VERSION"];

/** Exporter labels, in both spellings, and the resource or point attributes they become (S0-22). */
export const DCGM_LABEL_ATTRIBUTES: Readonly<Record<string, string>> = {
  UUID: "hw.id",
  device: "hw.name",
  modelName: "hw.model",
  DCGM_FI_DRIVER_VERSION: "hw.driver_version",
  DCGM_FI_SYSTEM_DRIVER_VERSION: "hw.driver_version",
  Hostname: "host.name",
  hostname: "host.name",
};

/** Bits of `DCGM_FI_DEV_CLOCKS_EVENT_REASONS` and the `clock_event` label of `DCGM_EXP_CLOCK_EVENTS_COUNT`. */
export const CLOCK_EVENTS = {
  gpu_idle: 0x1,
  clocks_setting: 0x2,
  power_cap: 0x4,
  hw_slowdown: 0x8,
  sync_boost: 0x10,
  sw_thermal: 0x20,
  hw_thermal: 0x40,
  hw_power_brake: 0x80,
  display_clocks: 0x100,
} as const;
export type ClockEvent = keyof typeof CLOCK_EVENTS;
