import type { PrometheusDuration } from "../../components/core/units.ts";
import { toSeconds } from "../../components/core/units.ts";

/** The values of one series over time, independent of how often it is sampled; undefined is no sample. */
export type Shape = (seconds: number) => number | undefined;

export const steady =
  (value: number): Shape =>
  () =>
    value;
/** Grows evenly. */
export const growing =
  (perMinute: number, from = 0): Shape =>
  (seconds) =>
    from + (perMinute * seconds) / 60;
/** Another shape from a moment on. Not `then`: a module that exports one is taken for a promise, and waits for ever. */
export const andThen =
  (first: Shape, at: PrometheusDuration, second: Shape): Shape =>
  (seconds) =>
    seconds < toSeconds(at) ? first(seconds) : second(seconds - toSeconds(at));
export const absent: Shape = () => undefined;

/** Input series by selector, as promtool writes them, and the alerts that must fire at a moment. */
export interface RuleCase {
  readonly alert: string;
  /** What happens, as a sentence. */
  readonly title: string;
  readonly series: Readonly<Record<string, Shape>>;
  readonly at: PrometheusDuration;
  /** Labels of each alert that must fire, without `alertname`, `severity`, `area` and `team`; empty is a quiet case. */
  readonly fires: readonly Readonly<Record<string, string>>[];
  /** Value of a threshold other than its default. */
  readonly thresholds?: Readonly<Record<string, number>>;
}
