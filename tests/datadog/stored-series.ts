import { reachesDatadog, toDatadogMetric, toDatadogTag, toDatadogTagValue } from "../../components/datadog/names.ts";
import { ALL_SIGNALS } from "../../components/signals/catalogue.ts";
import { type SignalDefinition, type SignalSource, toLabelName } from "../../components/signals/signal.ts";
import type { Shape } from "../rules/rule-case.ts";
import type { StoredSeries } from "./evaluate.ts";

/** The environment all series of a case belong to. */
export const ENVIRONMENT = "parity";

/**
 * The input series of a case as Datadog would hold them: OpenTelemetry's names, tags, and growth in the place of
 * counters. What Prometheus alone scrapes is left out, as it is in Datadog.
 */
export function toStoredSeries(
  series: Readonly<Record<string, Shape>>,
  until: number,
  spacing: number,
): readonly StoredSeries[] {
  return Object.entries(series).flatMap(([selector, shape]) => {
    const { name, labels } = parseSelector(selector);
    const found = findSignal(name, labels);
    if (found === undefined || !isSent(found.signal, labels)) return [];
    return [
      {
        metric: toDatadogMetric(found.signal),
        tags: { env: ENVIRONMENT, ...toTags(found.signal, labels) },
        points: found.grows ? toGrowth(shape, until, spacing, found.signal) : toPoints(shape, until, spacing),
      },
    ];
  });
}

/** A label of Prometheus as a tag. */
export function toTag(label: string, signals: readonly SignalDefinition[]): string {
  if (label === "job") return toDatadogTag("service.name");
  if (label === "instance") return toDatadogTag("service.instance.id");
  const known = [...signals.flatMap(({ labels }) => labels), "host.name", "deployment.environment.name"];
  return toDatadogTag(known.find((attribute) => toLabelName(attribute) === label) ?? label);
}

function parseSelector(selector: string): { name: string; labels: Readonly<Record<string, string>> } {
  const match = /^([\w:]+)(?:\{(.*)\})?$/.exec(selector.trim());
  if (match === null) throw new SyntaxError(`not a series: ${selector}`);
  const labels = [...(match[2] ?? "").matchAll(/([\w]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g)];
  return {
    name: match[1] ?? "",
    labels: Object.fromEntries(labels.map(([, label = "", value = ""]) => [label, value])),
  };
}

/** The signal a series belongs to: of several with one name, the one whose own labels the series has. */
function findSignal(
  name: string,
  labels: Readonly<Record<string, string>>,
): { signal: SignalDefinition; grows: boolean } | undefined {
  const isOwn = ({ where = {} }: SignalDefinition) =>
    Object.entries(where).every(([attribute, value]) => labels[toLabelName(attribute)] === value);
  const signal = ALL_SIGNALS.find((one) => one.prometheusName === name && isOwn(one));
  if (signal !== undefined) return { signal, grows: signal.type === "counter" };
  const histogram = ALL_SIGNALS.find((one) => one.type === "histogram" && `${one.prometheusName}_count` === name);
  return histogram === undefined ? undefined : { signal: histogram, grows: true };
}

/** Agents send their own metrics and those of their targets, with the host; the same of a gateway is scraped. */
function isSent(signal: SignalDefinition, labels: Readonly<Record<string, string>>): boolean {
  const byEither = signal.source === "collector" || signal.source === "scrape";
  return reachesDatadog(signal) && (!byEither || "host_name" in labels);
}

function toTags(signal: SignalDefinition, labels: Readonly<Record<string, string>>): Record<string, string> {
  // `job` and `instance` are what Prometheus makes of the service; the service's own labels win.
  const ordered = Object.entries(labels).sort(([a], [b]) => Number(a.includes("_")) - Number(b.includes("_")));
  return Object.fromEntries(ordered.map(([label, value]) => [toTag(label, [signal]), toDatadogTagValue(value)]));
}

function toPoints(shape: Shape, until: number, spacing: number): StoredSeries["points"] {
  const moments = Array.from({ length: Math.floor(until / spacing) + 1 }, (_, index) => index * spacing);
  return moments.flatMap((seconds) => {
    const value = shape(seconds);
    return value === undefined ? [] : [{ seconds, value, interval: spacing }];
  });
}

/** Sources that say since when they count. A scraped counter is taken to begin with its first scrape. */
const SAYS_ITS_START: ReadonlySet<SignalSource> = new Set(["application", "span-metrics", "service-graph"]);

/**
 * Growth since the point before, as the Agent reckons it (`shouldConsumeInitialValue` in its metrics translator): the
 * first value of a counter counts where its source says that it began after the Agent; a fall counts for nothing.
 */
function toGrowth(shape: Shape, until: number, spacing: number, { source }: SignalDefinition): StoredSeries["points"] {
  return toPoints(shape, until, spacing).flatMap(({ seconds, value }, index, points) => {
    const before = points[index - 1];
    if (before === undefined) {
      return SAYS_ITS_START.has(source) && seconds > 0 ? [{ seconds, value, interval: spacing }] : [];
    }
    if (value < before.value) return [];
    return [{ seconds, value: value - before.value, interval: seconds - before.seconds }];
  });
}

/** Whether Datadog is sent a series at all, and of which signal it is. */
export function seenInDatadog(selector: string): { signal: SignalDefinition; sent: boolean } | undefined {
  const { name, labels } = parseSelector(selector);
  const found = findSignal(name, labels);
  return found === undefined ? undefined : { signal: found.signal, sent: isSent(found.signal, labels) };
}
