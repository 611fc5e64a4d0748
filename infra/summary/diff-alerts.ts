import { hashOf } from "../../components/core/hash.ts";
import type { Change } from "./change.ts";
import { compare, describeProperties } from "./compare.ts";
import type { AlertSummary, ReceiverSummary, Summary } from "./model.ts";

/** @param alerts - those of both sides: whom a threshold decides */
export function diffThresholds(
  before: Summary["thresholds"],
  now: Summary["thresholds"],
  alerts: Summary["alerts"],
): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  const users = (threshold: string) =>
    Object.entries(alerts)
      .filter(([, own]) => Object.hasOwn(own.thresholds, threshold))
      .map(([name]) => `alert ${name}`);
  return [
    ...added.map(([name, value]) => [name, `threshold ${name} ${value}, new`] as const),
    ...removed.map(([name, value]) => [name, `threshold ${name} ${value}, gone`] as const),
    ...kept.map(([name, old, value]) => [name, `threshold ${name} ${old} -> ${value}`] as const),
  ].map(([name, what]) => ({ group: "thresholds", what, of: users(name) }));
}

/** @param disabled - alerts that are gone because somebody switched them off */
export function diffAlerts(
  before: Summary["alerts"],
  now: Summary["alerts"],
  disabled: readonly string[],
): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  const show = ({ severity, for: duration }: AlertSummary) =>
    duration === undefined ? severity : `${severity}, for ${duration}`;
  const end = (name: string) => (disabled.includes(name) ? "disabled" : "removed");
  return [
    ...added.map(([name, alert]) => `alert ${name} added (${show(alert)})`),
    ...removed.map(([name, alert]) => `alert ${name} ${end(name)} (${show(alert)})`),
    ...kept.flatMap(([name, old, alert]) => describeAlert(old, alert).map((text) => `alert ${name}: ${text}`)),
  ].map((what) => ({ group: "alerts", what, of: [] }));
}

function describeAlert(before: AlertSummary, now: AlertSummary): readonly string[] {
  const nouns = { severity: "severity", area: "area", for: "for", keepFiringFor: "keeps firing for", team: "team" };
  // A new default moves the condition's text, and is told as the threshold it is.
  const isTold = hashOf(before.thresholds) !== hashOf(now.thresholds);
  return [
    ...describeProperties(before, now, nouns),
    ...(before.condition === now.condition || isTold ? [] : ["condition changed"]),
  ];
}

export function diffReceivers(before: Summary["receivers"], now: Summary["receivers"]): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  const show = ({ kind, toldOf }: ReceiverSummary) => `${kind}, told of ${toldOf.join(" + ") || "nothing"}`;
  return [
    ...added.map(([name, receiver]) => `receiver ${name} added (${show(receiver)})`),
    ...removed.map(([name, receiver]) => `receiver ${name} removed (${show(receiver)})`),
    ...kept.flatMap(([name, old, receiver]) =>
      describeProperties(old, receiver, { kind: "kind", toldOf: "told of" }).map((text) => `receiver ${name}: ${text}`),
    ),
  ].map((what) => ({ group: "receivers", what, of: [] }));
}
