import { planFleet, type GpuIdentity } from "./fleet.ts";
import type { GpuEvent } from "./events.ts";
import { applyToState, forgetWindows, grow, holdFor, recoverGpu } from "./faults.ts";
import { condition, newGpuState, stepGpu, toClockMask, type GpuState } from "./gpu-state.ts";
import { ORDINARY_LINES, toFallenOffText, toXidText, type Culprit, type KernelMessage } from "./kernel-line.ts";
import type { Scenario } from "./scenario.ts";

/** Window of DCGM_EXP_*_COUNT: the exporter's own default. */
export const COUNT_WINDOW_MS = 300_000;
const STEP_MS = 1000;
/** Kernel time at the start of a simulation, so that a line looks like one of a host that has been up a while. */
const BOOTED_SECONDS_AGO = 86_400;

/** How the exporter answers for its metrics. */
export type ExporterMode = "normal" | "hang" | "stale" | "error";
const NORMAL = { mode: "normal", untilMs: Infinity } as const;

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
  #exporter: { readonly mode: ExporterMode; readonly untilMs: number } = NORMAL;
  readonly #settings: SimulationSettings;

  constructor(settings: SimulationSettings) {
    this.#settings = settings;
    this.hostname = settings.hostname;
    this.scenario = settings.scenario;
    this.fleet = planFleet(settings.hostname, settings.scenario);
    const { jobs } = settings.scenario;
    this.states = this.fleet.map(({ index }) => newGpuState(index, jobs.find(({ gpus }) => gpus.includes(index))?.id));
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

  /** How the exporter answers now. */
  get exporterMode(): ExporterMode {
    return this.#exporter.untilMs > this.nowMs ? this.#exporter.mode : "normal";
  }

  /** Makes an event happen now. */
  inject(event: GpuEvent): void {
    switch (event.event) {
      case "fabric-manager":
        for (const gpu of this.states) holdFor(gpu, "fabricManager", event.status, this.nowMs, event.forSeconds);
        return;
      case "exporter":
        if (event.mode === "restart") this.states.forEach(forgetWindows);
        this.#exporter =
          event.mode === "restart" ? NORMAL : { mode: event.mode, untilMs: this.#until(event.forSeconds) };
        return;
      case "recover":
        if (event.gpu === undefined) this.#exporter = NORMAL;
        this.states.filter(({ index }) => index === (event.gpu ?? index)).forEach(recoverGpu);
        return;
      default:
        return this.#injectInto(event);
    }
  }

  #injectInto(event: Exclude<GpuEvent, { event: "fabric-manager" | "exporter" | "recover" }>): void {
    const gpu = this.states[event.gpu];
    const identity = this.fleet[event.gpu];
    if (gpu === undefined || identity === undefined) return;
    switch (event.event) {
      case "ecc": {
        const { corrected, uncorrected, alone, forSeconds } = event;
        const counts = { eccCorrected: corrected, eccUncorrected: uncorrected };
        grow(gpu, alone ? counts : { ...counts, remappedUncorrected: uncorrected }, this.nowMs, forSeconds);
        if (uncorrected > 0 && !alone) for (const code of [48, 63]) this.#xid(gpu, identity, code, event);
        return;
      }
      case "xid":
        for (let count = 0; count < event.count; count += 1) {
          if (event.witness !== "kernel") this.#record(gpu, event.code);
          if (event.witness !== "dcgm") this.#print(toXidText(identity, event.code, event, event.text));
        }
        return;
      case "fallen-off":
        if (event.wording === "plain") this.#record(gpu, 79);
        else this.#xid(gpu, identity, 79, event);
        if (event.wording !== "xid") this.#print(toFallenOffText(identity, event));
        return holdFor(gpu, "fallenOff", true, this.nowMs, event.forSeconds);
      default:
        return applyToState(gpu, event, this.nowMs);
    }
  }

  #until(seconds: number | undefined): number {
    return seconds === undefined ? Infinity : this.nowMs + seconds * 1000;
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
    gpu.clockSamples =
      condition(gpu, "fallenOff") === true
        ? gpu.clockSamples.filter(recent)
        : [...gpu.clockSamples.filter(recent), sample];
    gpu.xids = gpu.xids.filter(recent);
  }

  #xid(gpu: GpuState, identity: GpuIdentity, code: number, culprit: Culprit): void {
    this.#record(gpu, code);
    this.#print(toXidText(identity, code, culprit));
  }

  #record(gpu: GpuState, code: number): void {
    gpu.lastXid = code;
    gpu.xids = [...gpu.xids, { code, atMs: this.nowMs }];
  }

  #print(text: string, severity: KernelMessage["severity"] = 4): void {
    const uptimeSeconds = BOOTED_SECONDS_AGO + (this.nowMs - this.#settings.startMs) / 1000;
    this.#settings.print({ atMs: this.nowMs, uptimeSeconds, severity, text });
  }
}
