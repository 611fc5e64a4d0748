import type { Components } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import type { GatewaySettings, MetricViews } from "./settings.ts";

export const CONVENTIONS = componentId(TYPES.processor.transform, "conventions");
export const PRIVACY = componentId(TYPES.processor.transform, "privacy");
export const REDACTION = TYPES.processor.redaction;
export const DROPPED = componentId(TYPES.processor.filter, "dropped");
export const AGGREGATED = componentId(TYPES.processor.metricsTransform, "views");
export const SPAN_METRICS_SOURCE = componentId(TYPES.processor.transform, "span_metrics_source");

/** What every item passes before it is counted, sampled or stored. */
export function renderGuards({ placement, views }: GatewaySettings): Components {
  const transform = (
    statements: Partial<Record<"trace_statements" | "metric_statements" | "log_statements", object[]>>,
  ) => ({
    error_mode: "ignore",
    ...statements,
  });
  const environment = [{ context: "resource", statements: ENVIRONMENT }];
  const hashed = (context: string) => [{ context, statements: [HASH_PET_ID] }];
  return {
    [CONVENTIONS]: transform({
      trace_statements: environment,
      metric_statements: environment,
      log_statements: environment,
    }),
    [PRIVACY]: transform({
      trace_statements: hashed("span"),
      metric_statements: hashed("datapoint"),
      log_statements: hashed("log"),
    }),
    [REDACTION]: {
      allow_all_keys: true,
      blocked_key_patterns: [...SECRET_KEYS],
      blocked_values: [...SECRET_VALUES],
      summary: "silent",
    },
    // Both gateways count spans: without their name their series would be one, going up and down.
    [SPAN_METRICS_SOURCE]: transform({
      metric_statements: [{ context: "datapoint", statements: [`set(attributes["gateway"], "${placement.name}")`] }],
    }),
    ...renderViews(views),
  };
}

/** The seeds spell the environment in three ways; one of them is the convention's (C-23). */
const ENVIRONMENT = ["env", "deployment", "environment", "deployment.environment"].map(
  (key) =>
    `set(attributes["deployment.environment.name"], attributes["${key}"]) where attributes["deployment.environment.name"] == nil and attributes["${key}"] != nil`,
);

/** The same hash in metrics, logs and spans, so that they can be joined and the identifier cannot be read (C-27, C-28). */
const HASH_PET_ID =
  'set(attributes["pet_id"], SHA256(attributes["pet_id"])) where attributes["pet_id"] != nil and attributes["pet_id"] != ""';

const SECRET_KEYS = [
  ".*password.*",
  ".*passwd.*",
  ".*secret.*",
  ".*api[_.-]?key.*",
  "(.*[._-])?authorization",
  "(.*[._-])?cookie",
] as const;
/** Bearer tokens and cloud access keys, wherever they stand. */
const SECRET_VALUES = ["Bearer [A-Za-z0-9._~+/=-]{16,}", "AKIA[0-9A-Z]{16}"] as const;

function renderViews({ drop, rename = {}, aggregateAway = {} }: MetricViews): Components {
  const transforms = [
    ...Object.entries(rename).map(([include, newName]) => ({ include, action: "update", new_name: newName })),
    ...Object.entries(aggregateAway).flatMap(([include, labels]) =>
      labels.map((label) => ({
        include,
        action: "update",
        operations: [
          { action: "delete_label_value", label },
          { action: "aggregate_labels", label_set: [], aggregation_type: "sum" },
        ],
      })),
    ),
  ];
  return {
    ...(drop.length === 0
      ? {}
      : { [DROPPED]: { error_mode: "ignore", metrics: { metric: drop.map((name) => `IsMatch(name, "${name}")`) } } }),
    ...(transforms.length === 0 ? {} : { [AGGREGATED]: { transforms } }),
  };
}
