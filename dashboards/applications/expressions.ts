import { spans } from "../../components/signals/applications.ts";
import { growth } from "../../components/signals/growth.ts";
import { bucketsOf, promql, type Query } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import { metric, type PanelQuery, type QueryOptions } from "../library/panel-query.ts";
import { environmentFrom } from "../library/variables.ts";

/** Environments that run applications; they need not have GPUs. */
export const APPLICATIONS = environmentFrom(promql`${spans.calls}`);
/** Spans with which work enters a service. */
export const ENTRY = 'span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"';
export const FAILED = 'status_code="STATUS_CODE_ERROR"';

const QUANTILES = { P50: 0.5, P95: 0.95, P99: 0.99 } as const;

/** A quantile of a histogram, one series per set of the labels `by`; none where nothing was observed. */
export function quantile(share: number, histogram: SignalDefinition, matchers: string, by = ""): Query {
  return promql`
    histogram_quantile(${share},
      sum by (${by === "" ? "le" : `le, ${by}`}) (rate(${bucketsOf(histogram)}{${matchers}}[$__rate_interval]))) >= 0`;
}

/** Median, 95th and 99th percentile of a histogram over everything the matchers choose. */
export function quantiles(
  histogram: SignalDefinition,
  matchers: string,
  options: QueryOptions = {},
): readonly PanelQuery[] {
  return Object.entries(QUANTILES).map(([name, share]) => metric(quantile(share, histogram, matchers), name, options));
}

/** Spans a second. */
export function calls(matchers: string, by: string): Query {
  return promql`sum by (${by}) (rate(${spans.calls}{${matchers}}[$__rate_interval]))`;
}

/** Share of spans that failed; 0, not nothing, where none did. A first failure counts, which a rate would not see. */
export function failureShare(matchers: string, by: string): Query {
  const all = promql`sum by (${by}) (${growth(spans.calls, "$__rate_interval", matchers)})`;
  const failed = promql`sum by (${by}) (${growth(spans.calls, "$__rate_interval", `${matchers}, ${FAILED}`)})`;
  return promql`(${failed} or 0 * ${all}) / (${all} > 0)`;
}
