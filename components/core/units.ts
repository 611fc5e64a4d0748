/** A Go duration (`ms`, `s`, `m`, `h`), as collectors, Tempo and Jaeger read it. */
export type GoDuration = `${number}${"ms" | "s" | "m" | "h"}`;

/** A Prometheus duration (`ms` … `y`), as Prometheus, Alertmanager and Loki read it. */
export type PrometheusDuration = `${number}${"ms" | "s" | "m" | "h" | "d" | "w" | "y"}`;

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** The length of a duration in seconds. */
export function toSeconds(duration: GoDuration | PrometheusDuration): number {
  const match = /^(\d+(?:\.\d+)?)(ms|[smhdwy])$/.exec(duration);
  const factor = SECONDS[match?.[2] ?? ""];
  if (match === null || factor === undefined) throw new RangeError(`not a duration: ${duration}`);
  return Number(match[1]) * factor;
}

/** The same length spelled for programs that know no days: `15d` becomes `360h`. */
export function toGoDuration(duration: PrometheusDuration): GoDuration {
  const seconds = toSeconds(duration);
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds}s`;
}
