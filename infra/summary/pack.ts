import { hashOf } from "../../components/core/hash.ts";
import { type Summary, SUMMARY_FORMAT, type WorkloadSummary } from "./model.ts";

/** Type of the resource that keeps a summary in a stack's state, as its output `summary`. */
export const KEPT_SUMMARY_TYPE = "gpuobs:summary:Summary";

/** A workload apart from the host it observes. */
type Shape = Omit<WorkloadSummary, "host">;

/** A summary as a stack's state keeps it: workloads that are equal but for their host are written once. */
export interface PackedSummary extends Omit<Summary, "workloads"> {
  /** Equal workloads' common part, by its hash. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Hash of each workload's shape, by workload; behind a space the host it observes. */
  readonly workloads: Readonly<Record<string, string>>;
}

/** Makes a summary small. */
export function packSummary({ workloads, ...rest }: Summary): PackedSummary {
  const shapes: Record<string, Shape> = {};
  const packed = Object.entries(workloads).map(([name, { host, ...shape }]) => {
    const key = hashOf(shape);
    shapes[key] = shape;
    return [name, host === undefined ? key : `${key} ${host}`] as const;
  });
  return { ...rest, shapes, workloads: Object.fromEntries(packed) };
}

/** The summary a stack's state holds; undefined where it holds none, or one of another format. */
export function unpackSummary(value: unknown): Summary | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if (!("format" in value) || value.format !== SUMMARY_FORMAT) return undefined;
  const { shapes, workloads, ...rest } = value as PackedSummary;
  const whole = Object.entries(workloads).map(([name, text]) => {
    const [key = "", host] = text.split(" ");
    const shape = shapes[key];
    if (shape === undefined) throw new Error(`the summary in the state has no shape ${key} of ${name}`);
    return [name, { ...shape, ...(host === undefined ? {} : { host }) }] as const;
  });
  return { ...rest, workloads: Object.fromEntries(whole) };
}
