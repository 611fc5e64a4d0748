import { gpu } from "../../components/signals/gpu.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric, type PanelQuery } from "../library/panel-query.ts";
import { GPU_LEGEND, increasePerGpu, perGpu, ratePerGpu } from "./expressions.ts";
import { correctedEccSteps, pcieReplaySteps } from "./steps.ts";

const base = { kind: "timeseries", empty: "This GPU does not report." } as const;
const YES_IS_BAD = { "0": { text: "no", state: "ok" }, "1": { text: "yes", state: "critical" } } as const;
/** Source: NVIDIA/DCGM, `dcgmlib/dcgm_structs.h`, `dcgmFabricManagerStatus_t`. */
const FABRIC = {
  "0": { text: "not supported", state: "unknown" },
  "1": { text: "not started", state: "critical" },
  "2": { text: "in progress", state: "warning" },
  "3": { text: "success", state: "ok" },
  "4": { text: "failure", state: "critical" },
} as const;

/** Whether a GPU wears out. */
export const deviceHealth = (numbers: Numbers): readonly Panel[] => [...errors(numbers), ...WEAR];

const errors = (numbers: Numbers): readonly Panel[] => [
  {
    ...base,
    title: "ECC errors",
    description: "Memory errors a second. An uncorrected one has already killed the job it hit.",
    queries: [rate(gpu.eccCorrected, "corrected"), rate(gpu.eccUncorrected, "uncorrected")],
    unit: "{error}/s",
    steps: correctedEccSteps(numbers),
    min: 0,
  },
  {
    ...base,
    title: "PCIe replays",
    description: "Packets sent again over the bus. A steady rate is a slot, riser or board that goes bad.",
    queries: [rate(gpu.pcieReplays, "replays")],
    unit: "{event}/s",
    steps: pcieReplaySteps(numbers),
    min: 0,
  },
  {
    ...base,
    title: "NVLink errors",
    description: "Errors and retries of the links to other GPUs, a second. Recoveries stall every job on both ends.",
    queries: [
      rate(gpu.nvlinkFlitErrors, "flit CRC"),
      rate(gpu.nvlinkDataErrors, "data CRC"),
      rate(gpu.nvlinkReplays, "replays"),
      rate(gpu.nvlinkRecoveries, "recoveries"),
    ],
    unit: "{error}/s",
    min: 0,
  },
  {
    ...base,
    title: "NVLink traffic",
    description: "The driver's bandwidth counter of all lanes, a second.",
    queries: [rate(gpu.nvlinkBandwidth, "all lanes")],
    unit: "{count}/s",
    min: 0,
  },
];

const WEAR: readonly Panel[] = [
  {
    title: "Memory wear",
    description:
      "Rows and pages that memory lost for good. Rows remapped for uncorrectable errors, or pages pending, ask for a reset at the next drain.",
    kind: "table",
    queries: [
      metric(perGpu(gpu.remappedRowsCorrectable), "Rows remapped, correctable"),
      metric(perGpu(gpu.remappedRowsUncorrectable), "Rows remapped, uncorrectable"),
      metric(perGpu(gpu.retiredPagesCorrected), "Pages retired, single bit"),
      metric(perGpu(gpu.retiredPagesUncorrected), "Pages retired, double bit"),
      metric(perGpu(gpu.retiredPagesPending), "Pages pending"),
      metric(perGpu(gpu.eccUncorrectedLifetime), "Uncorrected errors in its life"),
    ],
    unit: "{row}",
    empty: "This GPU does not report.",
    height: 5,
  },
  {
    title: "Row remap failed",
    description: "Whether the board has no spare row left: then it is replaced.",
    kind: "stat",
    queries: [metric(perGpu(gpu.rowRemapFailure), GPU_LEGEND)],
    unit: "{state}",
    empty: "This GPU does not report.",
    words: YES_IS_BAD,
    width: 6,
  },
  {
    title: "Fabric manager",
    description:
      "State of NVSwitch's fabric manager as the GPU sees it; without it jobs over several GPUs do not start.",
    kind: "stat",
    queries: [metric(perGpu(gpu.fabricManagerStatus), GPU_LEGEND, { absentWhile: "the host has no NVSwitch" })],
    unit: "{state}",
    empty: "The exporter gives no state of a fabric: the host has no NVSwitch.",
    words: FABRIC,
    width: 6,
  },
  {
    title: "Errors in the time range",
    description: "What was counted of this GPU over the time range shown.",
    kind: "stat",
    queries: [
      metric(increasePerGpu(gpu.eccCorrected), `${GPU_LEGEND} corrected`),
      metric(increasePerGpu(gpu.eccUncorrected), `${GPU_LEGEND} uncorrected`),
      metric(increasePerGpu(gpu.pcieReplays), `${GPU_LEGEND} PCIe replays`),
    ],
    unit: "{error}",
    empty: "This GPU does not report.",
    width: 12,
  },
];

function rate(signal: SignalDefinition, what: string): PanelQuery {
  return metric(ratePerGpu(signal), `${GPU_LEGEND} ${what}`);
}
