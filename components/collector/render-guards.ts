import type { Components } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import type { GatewaySettings, MetricViews } from "./settings.ts";
import { instanceOf } from "./render-shared.ts";

export const CONVENTIONS = componentId(TYPES.processor.transform, "conventions");
export const PRIVACY = componentId(TYPES.processor.transform, "privacy");
export const REDACTION = TYPES.processor.redaction;
export const DROPPED = componentId(TYPES.processor.filter, "dropped");
export const AGGREGATED = componentId(TYPES.processor.transform, "views");
export const SPAN_METRICS_SOURCE = componentId(TYPES.processor.transform, "span_metrics_source");

/** What every item passes before it is counted, sampled or stored. */
export function renderGuards({ placement, views, destinations }: GatewaySettings): Components {
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
      trace_statements: destinations.some(({ kind }) => kind === "datadog")
        ? [...environment, { context: "span", statements: [WORKFLOW_OPERATION] }]
        : environment,
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
      metric_statements: [
        { context: "datapoint", statements: [`set(attributes["gateway"], "${instanceOf(placement)}")`] },
      ],
    }),
    ...renderViews(views),
  };
}

/** Datadog calls a trace metric after this attribute: `trace.workflow.errors`, which a monitor of the documents reads (C-21). */
const WORKFLOW_OPERATION =
  'set(attributes["operation.name"], "workflow") where IsRootSpan() and IsMatch(name, "^pipeline[.]")';

/** The seeds spell the environment in three ways; one of them is the convention's (C-23). */
const ENVIRONMENT = ["env", "deployment", "environment", "deployment.environment"].map(
  (key) =>
    `set(attributes["deployment.environment.name"], attributes["${key}"]) where attributes["deployment.environment.name"] == nil and attributes["${key}"] != nil`,
);

/**
 * The same hash in metrics, logs and spans, so that they can be joined and the identifier cannot be read (C-27, C-28).
 * As text first: SHA256 of a number is an error, which would let the number through.
 */
const HASH_PET_ID =
  'set(attributes["pet_id"], SHA256(String(attributes["pet_id"]))) where attributes["pet_id"] != nil and attributes["pet_id"] != ""';

/**
 * The processor looks for each of them anywhere in a key. Plain letters first: Go then finds a candidate by comparing
 * bytes, where `.*password` would make it try every letter of every key (43 % of a gateway's CPU, decision 21).
 * `authorization` and `cookie` are words of their own: `author.authorizations` and `cookies_baked` are counts.
 */
const SECRET_KEYS = [
  "password",
  "passwd",
  "secret",
  "api[_.-]?key",
  "authorization([^a-z]|$)",
  "cookie([^a-z]|s?$)",
] as const;
/** Bearer tokens and cloud access keys, wherever they stand. */
const SECRET_VALUES = ["Bearer [A-Za-z0-9._~+/=-]{16,}", "AKIA[0-9A-Z]{16}"] as const;

function renderViews({ allow = [], drop, rename = {}, aggregateAway = {} }: MetricViews): Components {
  const matches = (name: string) => `IsMatch(name, ${JSON.stringify(name)})`;
  const dropped = [...drop.map(matches), ...(allow.length === 0 ? [] : [`not (${allow.map(matches).join(" or ")})`])];
  const isMetric = (path: string, name: string) => `where ${path} == ${JSON.stringify(name)}`;
  const aggregated = Object.entries(aggregateAway);
  const renamed = Object.entries(rename);
  const views = {
    error_mode: "ignore",
    metric_statements: [
      {
        context: "datapoint",
        statements: aggregated.flatMap(([name, labels]) =>
          labels.map((label) => `delete_key(attributes, ${JSON.stringify(label)}) ${isMetric("metric.name", name)}`),
        ),
      },
      {
        context: "metric",
        statements: [
          ...aggregated.map(([name]) => `aggregate_on_attributes("sum") ${isMetric("name", name)}`),
          ...renamed.map(([from, to]) => `set(name, ${JSON.stringify(to)}) ${isMetric("name", from)}`),
        ],
      },
    ].filter(({ statements }) => statements.length > 0),
  };
  return {
    ...(dropped.length === 0 ? {} : { [DROPPED]: { error_mode: "ignore", metrics: { metric: dropped } } }),
    ...(views.metric_statements.length === 0 ? {} : { [AGGREGATED]: views }),
  };
}
