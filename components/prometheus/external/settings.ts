import type { RuleFile } from "../../alerts/render.ts";
import type { GoDuration } from "../../core/units.ts";

/** One of the platform's own programs, as an existing Prometheus finds and asks it. */
export interface MonitoredPart {
  /** Label `job` of its series, and the label `app.kubernetes.io/name` of its pods. */
  readonly job: string;
  /** Name of its port with the metrics. */
  readonly port: string;
  readonly scheme: "http" | "https";
  /** Name in its certificate: pods are asked by their addresses. */
  readonly serverName: string;
}

/** What the Prometheus Operator is given. */
export interface OperatorSettings {
  /** Name of the environment: a label of every alert, as our own Prometheus would add it. */
  readonly environment: string;
  /** Namespace of gateways and backends. */
  readonly namespace: string;
  readonly ruleLabels: Readonly<Record<string, string>>;
  readonly monitorLabels: Readonly<Record<string, string>>;
  /** Rule files by path, such as `rules/gpu.yml`. */
  readonly rules: Readonly<Record<string, RuleFile>>;
  readonly evaluationInterval: GoDuration;
  readonly scrapeInterval: GoDuration;
  readonly parts: readonly MonitoredPart[];
}
