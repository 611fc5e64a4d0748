import { gpu } from "../../components/signals/gpu.ts";
import { growing, type RuleCase, type Shape, steady, andThen } from "./rule-case.ts";
import { sick, SICK_GPU } from "./series.ts";

type Case = Omit<RuleCase, "alert">;

const fires = [SICK_GPU];
/** A count that grows for a while and stands still before and after. */
const burst = (perMinute: number): Shape => andThen(steady(0), "10m", growing(perMinute));
const once: Shape = andThen(steady(2), "10m", steady(3));
/** Share of time in nanoseconds a minute. */
const share = (part: number): Shape => growing(part * 60e9);
const clock = (name: string, shape: Shape) =>
  sick(gpu.clockEvents, shape, { clock_event: name, window_size_in_ms: "300000" });
const labelled = (more: Readonly<Record<string, string>>) => [{ ...SICK_GPU, ...more }];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  GpuUncorrectableEcc: [
    { title: "one error", series: sick(gpu.eccUncorrected, once), at: "12m", fires },
    { title: "an error of long ago", series: sick(gpu.eccUncorrected, steady(3)), at: "30m", fires: [] },
    { title: "corrected errors, however many", series: sick(gpu.eccCorrected, burst(1000)), at: "30m", fires: [] },
  ],
  GpuCorrectedEccRate: [
    { title: "seven in a quarter of a minute", series: sick(gpu.eccCorrected, burst(28)), at: "30m", fires },
    {
      title: "a few a day",
      series: sick(gpu.eccCorrected, andThen(steady(0), "20m", steady(4))),
      at: "60m",
      fires: [],
    },
  ],
  GpuRowRemapFailed: [
    {
      title: "the flag is set",
      series: sick(gpu.rowRemapFailure, andThen(steady(0), "5m", steady(1))),
      at: "8m",
      fires,
    },
    { title: "the flag is not set", series: sick(gpu.rowRemapFailure, steady(0)), at: "10m", fires: [] },
  ],
  GpuRowRemapPending: [
    {
      title: "a row waits for a reset",
      series: sick(gpu.rowRemapPending, andThen(steady(0), "5m", steady(1))),
      at: "11m",
      fires,
    },
    {
      title: "the GPU was reset",
      series: sick(gpu.rowRemapPending, andThen(steady(1), "5m", steady(0))),
      at: "11m",
      fires: [],
    },
  ],
  GpuPagesPendingRetirement: [
    {
      title: "a page waits for a reset",
      series: sick(gpu.retiredPagesPending, andThen(steady(0), "5m", steady(1))),
      at: "11m",
      fires,
    },
    {
      title: "pages retired long ago",
      series: { ...sick(gpu.retiredPagesPending, steady(0)), ...sick(gpu.retiredPagesUncorrected, steady(4)) },
      at: "11m",
      fires: [],
    },
  ],
  GpuTooHot: [
    {
      title: "hot for ten minutes",
      series: sick(gpu.temperature, andThen(steady(60), "5m", steady(89))),
      at: "15m",
      fires,
    },
    { title: "hot memory only", series: sick(gpu.memoryTemperature, steady(99)), at: "15m", fires: [] },
    {
      title: "hot for two minutes",
      series: sick(gpu.temperature, andThen(steady(60), "13m", steady(89))),
      at: "15m",
      fires: [],
    },
    {
      title: "one hot GPU beside a cool one",
      series: {
        ...sick(gpu.temperature, steady(89)),
        ...sick(gpu.temperature, steady(40), { gpu: "0", hw_id: "GPU-0" }),
      },
      at: "15m",
      fires,
    },
    {
      title: "cooler than usual, hotter than the environment allows",
      series: sick(gpu.temperature, steady(75)),
      at: "15m",
      fires,
      thresholds: { temperature: 70 },
    },
  ],
  GpuMemoryTooHot: [
    {
      title: "hot for ten minutes",
      series: sick(gpu.memoryTemperature, andThen(steady(70), "5m", steady(99))),
      at: "15m",
      fires,
    },
    { title: "as warm as it may be", series: sick(gpu.memoryTemperature, steady(94)), at: "15m", fires: [] },
  ],
  GpuThermalThrottling: [
    { title: "a quarter of the time", series: sick(gpu.thermalThrottle, share(0.25)), at: "15m", fires },
    {
      title: "the counter is in microseconds, the clock event tells",
      series: { ...sick(gpu.thermalThrottle, growing(60e6)), ...clock("hw_thermal", steady(120)) },
      at: "15m",
      fires,
    },
    {
      title: "the power limit",
      series: { ...sick(gpu.powerThrottle, share(0.9)), ...clock("power_cap", steady(300)) },
      at: "15m",
      fires: [],
    },
    { title: "a hundredth of the time", series: sick(gpu.thermalThrottle, share(0.01)), at: "15m", fires: [] },
  ],
  GpuPowerThrottling: [
    { title: "nearly always", series: sick(gpu.powerThrottle, share(0.8)), at: "30m", fires },
    { title: "touched under full load", series: sick(gpu.powerThrottle, share(0.2)), at: "30m", fires: [] },
  ],
  GpuHardwareSlowdown: [
    {
      title: "the power brake",
      series: clock("hw_power_brake", andThen(steady(0), "5m", steady(40))),
      at: "12m",
      fires: labelled({ clock_event: "hw_power_brake" }),
    },
    {
      title: "one event that leaves the window",
      series: clock("hw_slowdown", andThen(steady(0), "5m", andThen(steady(1), "5m", steady(0)))),
      at: "15m",
      fires: [],
    },
    { title: "the power limit", series: clock("power_cap", steady(300)), at: "15m", fires: [] },
  ],
  GpuBoardThrottling: [
    {
      title: "the board's limit",
      series: sick(gpu.boardLimitThrottle, share(0.3)),
      at: "30m",
      fires: labelled({ reason: "board limit" }),
    },
    {
      title: "too low a voltage",
      series: sick(gpu.reliabilityThrottle, share(0.3)),
      at: "30m",
      fires: labelled({ reason: "reliability voltage" }),
    },
    {
      title: "low utilization",
      series: { ...sick(gpu.lowUtilizationThrottle, share(0.9)), ...sick(gpu.boardLimitThrottle, steady(0)) },
      at: "30m",
      fires: [],
    },
  ],
  GpuNvlinkErrors: [
    {
      title: "a link had to recover",
      series: sick(gpu.nvlinkRecoveries, once),
      at: "14m",
      fires: labelled({ error: "link recovered" }),
    },
    {
      title: "much is sent again",
      series: {
        ...sick(gpu.nvlinkFlitErrors, burst(60)),
        ...sick(gpu.nvlinkDataErrors, steady(0)),
        ...sick(gpu.nvlinkReplays, steady(0)),
      },
      at: "20m",
      fires: labelled({ error: "sent again" }),
    },
    {
      title: "a few errors were mended",
      series: {
        ...sick(gpu.nvlinkFlitErrors, burst(1)),
        ...sick(gpu.nvlinkDataErrors, steady(0)),
        ...sick(gpu.nvlinkReplays, steady(1)),
      },
      at: "20m",
      fires: [],
    },
  ],
  GpuPcieReplays: [
    { title: "twenty a minute", series: sick(gpu.pcieReplays, burst(20)), at: "35m", fires },
    { title: "one a minute", series: sick(gpu.pcieReplays, growing(1)), at: "35m", fires: [] },
  ],
  GpuFabricNotReady: [
    {
      title: "the fabric manager failed",
      series: sick(gpu.fabricManagerStatus, andThen(steady(3), "5m", steady(4))),
      at: "16m",
      fires,
    },
    { title: "the fabric manager does not run", series: sick(gpu.fabricManagerStatus, steady(1)), at: "16m", fires },
    {
      title: "a rack that runs it outside of the host",
      series: sick(gpu.fabricManagerStatus, steady(1), { hw_model: "NVIDIA GB200" }),
      at: "16m",
      fires: [],
    },
    {
      title: "training after the start",
      series: sick(gpu.fabricManagerStatus, andThen(steady(2), "4m", steady(3))),
      at: "16m",
      fires: [],
    },
    { title: "a GPU without a fabric", series: sick(gpu.fabricManagerStatus, steady(0)), at: "16m", fires: [] },
  ],
  GpuHeldIdle: [
    {
      title: "memory held and nothing runs",
      series: {
        ...sick(gpu.graphicsActive, steady(0)),
        ...sick(gpu.memoryUsed, steady(40e9)),
        ...sick(gpu.memoryTotal, steady(80e9)),
      },
      at: "95m",
      fires,
    },
    {
      title: "at work",
      series: {
        ...sick(gpu.graphicsActive, steady(0.6)),
        ...sick(gpu.memoryUsed, steady(40e9)),
        ...sick(gpu.memoryTotal, steady(80e9)),
      },
      at: "95m",
      fires: [],
    },
    {
      title: "idle and free",
      series: {
        ...sick(gpu.graphicsActive, steady(0)),
        ...sick(gpu.memoryUsed, steady(1e9)),
        ...sick(gpu.memoryTotal, steady(80e9)),
      },
      at: "95m",
      fires: [],
    },
  ],
};

export const conditionCases: readonly RuleCase[] = Object.entries(CASES).flatMap(([alert, cases]) =>
  cases.map((one) => ({ alert, ...one })),
);
