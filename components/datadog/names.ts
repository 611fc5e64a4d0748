import type { SignalDefinition, SignalSource } from "../signals/signal.ts";

/** Sources whose metrics pass a gateway; Prometheus alone scrapes the others. */
const THROUGH_GATEWAYS: ReadonlySet<SignalSource> = new Set([
  "dcgm-exporter",
  "node-exporter",
  "hostmetrics",
  "kernel-log",
  "collector",
  "span-metrics",
  "service-graph",
  "application",
  "scrape",
]);

/** Attributes Datadog knows by a name of its own (unified service tagging, host name). */
const TAGS: Readonly<Record<string, string>> = {
  "host.name": "host",
  "deployment.environment.name": "env",
  "service.name": "service",
  "service.version": "version",
};

/** Whether Datadog is sent such a metric at all. */
export function reachesDatadog({ source }: SignalDefinition): boolean {
  return THROUGH_GATEWAYS.has(source);
}

/**
 * A metric's name in Datadog, which keeps the dots of OTLP. The Agent puts `otel.` before host metrics, so that they do
 * not mix with its own (`WithOTelPrefix` in DataDog/datadog-agent, pkg/opentelemetry-mapping-go).
 *
 * @throws {TypeError} when the metric never reaches Datadog
 */
export function toDatadogMetric(signal: SignalDefinition): string {
  if (!reachesDatadog(signal)) throw new TypeError(`${signal.name} does not pass a gateway: Datadog never gets it`);
  return /^(system|process)\./.test(signal.name) ? `otel.${signal.name}` : signal.name;
}

/** An attribute's tag in Datadog, where tags are lower case. */
export function toDatadogTag(attribute: string): string {
  return TAGS[attribute] ?? attribute.toLowerCase();
}

/** A tag's value as Datadog keeps it (https://docs.datadoghq.com/getting_started/tagging/#define-tags). */
export function toDatadogTagValue(value: string): string {
  return value.toLowerCase().replaceAll(/[^a-z0-9_:./-]/g, "_");
}
