import type { AlertDefinition, DatadogCondition } from "../../components/alerts/alert.ts";
import { toSeconds } from "../../components/core/units.ts";
import { toDatadogTagValue } from "../../components/datadog/names.ts";
import { conditionsOf } from "../../components/datadog/monitors.ts";
import { toConditionText } from "../../components/datadog/query.ts";
import type { RecordingRule } from "../../components/signals/recording.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { RuleCase } from "../rules/rule-case.ts";
import { alertingGroups, type Group, lastSeen } from "./evaluate.ts";
import { parseCondition } from "./parse-query.ts";
import { ENVIRONMENT, seenInDatadog, toStoredSeries, toTag } from "./stored-series.ts";

/** The groups that alert, by each form of an alert; equal where the forms agree. */
export interface Comparison {
  readonly prometheus: readonly Group[];
  readonly datadog: readonly Group[];
}

/** Plays a case to the Datadog forms; what Prometheus does with it is what promtool confirmed: `fires`. */
export function compareForms(conditions: readonly DatadogCondition[], one: RuleCase, spacing: number): Comparison {
  const signals = conditions.flatMap((condition) => condition.signals);
  // Monitors of one alert may tell more apart than others; it is one alert in what all of them name.
  const tags = (conditions[0]?.by ?? []).filter((tag) => conditions.every(({ by }) => by.includes(tag)));
  const firing = one.fires.map((labels) =>
    Object.fromEntries(
      Object.entries(labels).map(([label, value]) => [toTag(label, signals), toDatadogTagValue(value)]),
    ),
  );
  const groups = conditions.flatMap((condition) => monitorGroups(condition, one, spacing));
  return { prometheus: unique(firing, tags), datadog: unique(groups, tags) };
}

/**
 * Whether a case is about what a form lacks: it fires because of series the form does not read, or has a threshold that
 * is no part of it. Then there is nothing to compare. Where the rule is quiet the form must be so too.
 */
export function isBeyond(alert: AlertDefinition, conditions: readonly DatadogCondition[], one: RuleCase): boolean {
  if (!conditions.some(({ lacks }) => lacks !== undefined)) return false;
  const usual = conditionsOf(alert);
  if (conditions.some(({ lacks }, index) => lacks !== usual[index]?.lacks)) return true;
  if (one.fires.length === 0) return false;
  const read = new Set(conditions.flatMap(({ signals }) => signals.map(({ name }) => name)));
  const behind = new Set(signalsBehind(alert.query.signals).map(({ name }) => name));
  return Object.keys(one.series).some((selector) => {
    const seen = seenInDatadog(selector);
    return seen === undefined || !seen.sent || (behind.has(seen.signal.name) && !read.has(seen.signal.name));
  });
}

function monitorGroups(condition: DatadogCondition, one: RuleCase, spacing: number) {
  const at = toSeconds(one.at);
  const stored = toStoredSeries(one.series, at, spacing);
  const parsed = parseCondition(toConditionText(condition, [`env:${ENVIRONMENT}`]));
  const alerting = [...alertingGroups(parsed, stored, at).keys()];
  return [...alerting, ...silentGroups(lastSeen(parsed, stored, at), condition, at)].map(toTags);
}

/** Groups that had data and have none any more; a monitor that never had any is silent as a whole. */
function silentGroups(
  seen: ReadonlyMap<Group, number>,
  { noDataMinutes }: DatadogCondition,
  at: number,
): readonly Group[] {
  if (noDataMinutes === undefined) return [];
  if (seen.size === 0) return [""];
  return [...seen].filter(([, last]) => last <= at - noDataMinutes * 60).map(([group]) => group);
}

function signalsBehind(signals: readonly SignalDefinition[]): readonly SignalDefinition[] {
  return signals.flatMap((signal) =>
    signal.source === "recording-rule" ? signalsBehind((signal as RecordingRule).query.signals) : [signal],
  );
}

function toTags(group: Group): Readonly<Record<string, string>> {
  const pairs = group === "" ? [] : group.split(",").map((pair) => /^([^:]+):(.*)$/.exec(pair) ?? []);
  return Object.fromEntries(pairs.map(([, tag = "", value = ""]) => [tag, value]));
}

function unique(groups: readonly Readonly<Record<string, string>>[], tags: readonly string[]): readonly Group[] {
  const named = groups.map((group) => tags.flatMap((tag) => (tag in group ? [`${tag}:${group[tag]}`] : [])).join(","));
  return [...new Set(named)].sort();
}
