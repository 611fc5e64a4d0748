import { spans } from "../../signals/applications.ts";
import { growth } from "../../signals/growth.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { WorkloadsThresholds } from "./thresholds.ts";

const CHECKS = 'span_kind="SPAN_KIND_SERVER", http_route=~"/health|/healthz"';
/** Of the 24 steps of two hours, those with checks that make them regular: a test of minutes has fewer. */
const REGULAR = 12;
const BY = "service_name, host_name";

/** Servers that answer health checks (S2 L77). */
export const modelServerAlerts = (thresholds: WorkloadsThresholds): readonly AlertDefinition[] => [
  unhealthy(thresholds),
];

// The caller's span names no route: that a server is gone shows by checks that no longer arrive.
const unhealthy = ({ healthChecksFailed }: WorkloadsThresholds): AlertDefinition => ({
  name: "ModelServerUnhealthy",
  severity: "critical",
  meaning: "A model server fails its health checks, or is no longer reached by them.",
  summary: "{{ $labels.service_name }} on {{ $labels.host_name }} is not healthy.",
  query: promql`
    sum by (${BY}) (${growth(spans.calls, "5m", `${CHECKS}, status_code="STATUS_CODE_ERROR"`)})
    / sum by (${BY}) (${growth(spans.calls, "5m", CHECKS)}) > ${healthChecksFailed}
    or (
      sum by (${BY}) (increase(${spans.calls}{${CHECKS}}[5m])) == 0
      and count_over_time((sum by (${BY}) (increase(${spans.calls}{${CHECKS}}[5m])) > 0)[2h:5m]) >= ${REGULAR}
    )`,
  for: "3m",
  impact: "Requests for its models fail or wait.",
  actions: [
    "Ask it: `curl -i http://<server>/healthz`; see whether it runs: `docker ps`, `kubectl get pods`.",
    "Read the end of its log, and the alerts of the GPUs of its host: a lost GPU ends a model server.",
    "Have the agent deploy the model again.",
  ],
  knobs: ["alerts.workloads.healthChecksFailed"],
  dashboard: "satellite",
  datadog: { exempt: "it also holds when checks that were regular for two hours end, which no monitor compares" },
  requirements: ["S2-28"],
});
