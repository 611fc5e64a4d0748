import { toLabelName, type SignalDefinition } from "../../components/signals/signal.ts";
import type { RuleCase, Shape } from "./rule-case.ts";

type Labels = Readonly<Record<string, string>>;
type Series = RuleCase["series"];

/** One series of a signal, with the labels that tell the signal from others of the same name. */
export function series(signal: SignalDefinition, labels: Labels, shape: Shape): Series {
  const own = Object.entries(signal.where ?? {}).map(([name, value]) => [toLabelName(name), value] as const);
  const all = [...own, ...Object.entries(labels)].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return { [`${signal.prometheusName}{${all.join(", ")}}`]: shape };
}

/** A GPU that falls ill, as its series name it. */
export const SICK = {
  host_name: "gpu-1",
  gpu: "3",
  hw_id: "GPU-3",
  hw_model: "NVIDIA H100 80GB HBM3",
  pci_bus_id: "0000:52:00.0",
  hpc_job: "train-7",
} as const;

/** What every alert about that GPU says. */
export const SICK_GPU = { host_name: "gpu-1", gpu: "3", hw_id: "GPU-3", hpc_job: "train-7" } as const;

/** A series of the sick GPU. */
export const sick = (signal: SignalDefinition, shape: Shape, more: Labels = {}): Series =>
  series(signal, { ...SICK, ...more }, shape);

/** A shape with samples at single moments only, as a counter has that is sent when it changes. */
export const only =
  (samples: Readonly<Record<number, number>>): Shape =>
  (seconds) =>
    samples[seconds];
