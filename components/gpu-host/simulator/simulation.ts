import { planFleet, type GpuIdentity } from "./fleet.ts";
import { newGpuState, stepGpu, toClockMask, type GpuState } from "./gpu-state.ts";
import { ORDINARY_LINES, toFallenOffText, toXidText, type Culprit, type KernelMessage } from "./kernel-line.ts";
import type { GpuEvent, Scenario } from "./scenario.ts";

/** Window of DCGM_EXP_*_COUNT: the exporter's own default. */
export const COUNT_WINDOW_MS = 300_000;
const STEP_MS = 1000;
/** Kernel time at the start of a simulation, so that a line looks like one of a host that has been up a while. */
const BOOTED_SECONDS_AGO = 86_400;

export interface SimulationSettings {
  readonly hostname: string;
  readonly scenario: Scenario;
  /** Time of the first step, in ms since 1970. */
  readonly startMs: number;
  /** Time between two samples of the clock reasons, in ms: the exporter's collect interval. */
  readonly sampleMs: number;
  /** Receives what the kernel prints, in order. */
  readonly print: (message: KernelMessage) => void;
}

/** The GPUs of one host over time. The caller brings the clock, so the same calls give the same values. */
export class Simulation {
  readonly fleet: readonly GpuIdentity[];
  readonly states: readonly GpuState[];
  readonly scenario: Scenario;
  readonly hostname: string;
  #steps = 0;
  readonly #settings: SimulationSettings;

  constructor(settings: SimulationSettings) {
    this.#settings = settings;
    this.hostname = settings.hostname;
    this.scenario = settings.scenario;
    this.fleet = planFleet(settings.hostname, settings.scenario);
    this.states = this.fleet.map(({ index }) => newGpuState(index));
    this.#step();
  }

  /** Time of the last step, in ms since 1970. */
  get nowMs(): number {
    return this.#settings.startMs + (this.#steps - 1) * STEP_MS;
  }

  /** Runs every whole second up to a time. */
  advance(toMs: number): void {
    while (this.nowMs + STEP_MS <= toMs) this.#step();
  }

  /** Makes an event happen now. */
  inject(event: GpuEvent): void {
    const gpu = this.states[event.gpu];
    const identity = this.fleet[event.gpu];
    if (gpu === undefined || identity === undefined) return;
    switch (event.event) {
      case "throttle": {
        const untilMs = event.forSeconds === undefined ? Infinity : this.nowMs + event.forSeconds * 1000;
        gpu.throttle = { reason: event.reason, untilMs };
        return;
      }
      case "ecc":
        gpu.eccCorrected += event.corrected;
        gpu.eccUncorrected += event.uncorrected;
        if (event.uncorrected > 0) for (const code of [48, 63]) this.#xid(gpu, identity, code, event);
        return;
      case "xid":
        this.#xid(gpu, identity, event.code, event, event.text);
        return;
      case "fallen-off":
        if (event.wording === "plain") this.#record(gpu, 79);
        else this.#xid(gpu, identity, 79, event);
        if (event.wording !== "xid") this.#print(toFallenOffText(identity, event));
        gpu.fallenOff = true;
        return;
      case "recover":
        gpu.throttle = undefined;
        gpu.fallenOff = false;
        gpu.remapFailed = false;
        gpu.lastXid = 0;
        return;
    }
  }

  #step(): void {
    const elapsed = this.#steps;
    this.#steps += 1;
    const { nowMs, scenario } = this;
    const second = scenario.loopSeconds === undefined ? elapsed : elapsed % scenario.loopSeconds;
    for (const event of scenario.events) {
      if (event.atSeconds >= second && event.atSeconds < second + 1) this.inject(event);
    }
    for (const gpu of this.states) {
      stepGpu(gpu, scenario.load, nowMs, elapsed);
      if ((elapsed * STEP_MS) % this.#settings.sampleMs < STEP_MS) this.#sample(gpu);
    }
    if (elapsed % scenario.kernelLineSeconds < 1) {
      const line = ORDINARY_LINES[Math.floor(elapsed / scenario.kernelLineSeconds) % ORDINARY_LINES.length];
      if (line !== undefined) this.#print(line.text, line.severity);
    }
  }

  #sample(gpu: GpuState): void {
    const since = this.nowMs - COUNT_WINDOW_MS;
    const recent = ({ atMs }: { atMs: number }) => atMs > since;
    const sample = { mask: toClockMask(gpu), atMs: this.nowMs };
    gpu.clockSamples = gpu.fallenOff ? gpu.clockSamples.filter(recent) : [...gpu.clockSamples.filter(recent), sample];
    gpu.xids = gpu.xids.filter(recent);
  }

  #xid(gpu: GpuState, identity: GpuIdentity, code: number, culprit: Culprit, text?: string): void {
    this.#record(gpu, code);
    this.#print(toXidText(identity, code, culprit, text));
  }

  #record(gpu: GpuState, code: number): void {
    gpu.lastXid = code;
    gpu.xids = [...gpu.xids, { code, atMs: this.nowMs }];
    if (code === 64) gpu.remapFailed = true;
    if (code === 74) gpu.nvlinkErrors += 1;
  }

  #print(text: string, severity: KernelMessage["severity"] = 4): void {
    const uptimeSeconds = BOOTED_SECONDS_AGO + (this.nowMs - this.#settings.startMs) / 1000;
    this.#settings.print({ atMs: this.nowMs, uptimeSeconds, severity, text });
  }
}
