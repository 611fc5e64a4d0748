import * as grafana from "@grafana/grafana-foundation-sdk/units";
import type { SignalDefinition } from "../../components/signals/signal.ts";

/** Grafana's unit for a unit in UCUM. */
const UNITS: Readonly<Record<string, string>> = {
  "1": grafana.PercentUnit,
  "%": grafana.Percent,
  By: grafana.BytesIEC,
  MiBy: grafana.Mebibytes,
  MiB: grafana.Mebibytes,
  "By/s": grafana.BytesPerSecondIEC,
  Cel: grafana.Celsius,
  C: grafana.Celsius,
  W: grafana.Watt,
  J: grafana.Joule,
  "W.h": grafana.WattHour,
  s: grafana.Seconds,
  ms: grafana.Milliseconds,
  ns: grafana.Nanoseconds,
  h: grafana.Hours,
  MHz: grafana.MegahertzRotation,
  "s/s": grafana.PercentUnit,
  "J/s": grafana.Watt,
  "{request}/s": grafana.RequestsPerSecond,
  /** A moment, as milliseconds since 1970. */
  "{time}": grafana.DatetimeISO,
  /** Words, not a number. */
  "{text}": grafana.String,
  "": grafana.NoUnit,
};

/** Grafana's unit for a unit in UCUM: counted things (`{event}`) are plain numbers, and rates of them events a second. */
export function toGrafanaUnit(ucum: string): string {
  const known = UNITS[ucum];
  if (known !== undefined) return known;
  if (/^\{[^}]+\}$/.test(ucum)) return grafana.Short;
  if (/^\{[^}]+\}\/s$/.test(ucum)) return grafana.CountsPerSecond;
  throw new RangeError(`no unit of Grafana for ${JSON.stringify(ucum)}`);
}

/** The unit of a signal's values, or of its rate when it is a counter. */
export function panelUnitOf(signal: SignalDefinition): string {
  return signal.type === "counter" ? perSecond(signal.unit) : signal.unit;
}

/** The unit of a rate. Seconds a second is a share of time. */
export function perSecond(ucum: string): string {
  return ucum === "" ? "{event}/s" : `${ucum}/s`;
}
