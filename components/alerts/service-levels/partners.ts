import { scrape } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import { serviceLevels } from "../../signals/recordings-service-levels.ts";
import type { AlertDefinition } from "../alert.ts";
import type { ServiceLevelsThresholds } from "./thresholds.ts";

/** The partners of the burn alerts: that there is something to measure. */
export const partnerAlerts = (thresholds: ServiceLevelsThresholds): readonly AlertDefinition[] => [
  serviceSilent,
  latencyUnmeasured(thresholds),
];

/** Of the 72 steps of six hours, those with requests that make a service one that is asked all the time. */
const STEPS = 48;

const serviceSilent: AlertDefinition = {
  name: "ServiceSilent",
  severity: "warning",
  meaning:
    "A service that was asked every few minutes for hours has not been asked, or not told of it, for half an hour.",
  summary: "{{ $labels.service_name }} has had no request for half an hour.",
  query: promql`
    count_over_time((${serviceLevels.spans} > 0)[6h:5m]) > ${STEPS}
    unless sum_over_time(${serviceLevels.spans}[30m:5m]) > 0
    and on () (count(${scrape.up}{job="gateway"} == 1) > 0)`,
  for: "5m",
  impact: "Nobody reaches it, or its failures are no longer counted: its objective cannot be judged.",
  actions: [
    "See whether it runs, and whether its callers do: the last trace shows who asked it.",
    "It is asked and runs: its tracing has stopped. Check its `OTEL_*` variables and the host's agent.",
  ],
  dashboard: "sla",
  datadog: { exempt: "it compares half an hour with the six hours before it, over recorded series" },
  requirements: ["S1-51"],
};

const latencyUnmeasured = ({ latencySeconds }: ServiceLevelsThresholds): AlertDefinition => ({
  name: "LatencyUnmeasured",
  severity: "warning",
  meaning: "A service is asked, yet the share of requests within the latency target is not known.",
  summary: `Requests to {{ $labels.service_name }} within ${latencySeconds} s are not counted.`,
  query: promql`
    ${serviceLevels.spans} > 0
    unless on (service_name) ${serviceLevels.fast}{le="${latencySeconds}"}`,
  for: "15m",
  impact: "A slow service raises no alert.",
  actions: [
    "Set `alerts.serviceLevels.latencySeconds` to a bound of the span metrics' buckets: 0.5, 1, 2.5, 5 or 10.",
    "It is one of them: compare the buckets that gateways run with those rendered: `npm run render -- <stack>`.",
  ],
  knobs: ["alerts.serviceLevels.latencySeconds"],
  dashboard: "sla",
  datadog: { exempt: "its fault is in the recorded series, which Datadog does not have" },
  requirements: ["S1-51"],
});
