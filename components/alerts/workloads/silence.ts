import { media, mlx, volnux } from "../../signals/applications.ts";
import { scrape } from "../../signals/backends.ts";
import { promql, type Query } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";

/** Gauges a service sends for as long as it runs. */
const STEADY = [media.pending, mlx.accuracy, mlx.drift, volnux.workflowErrorRate];

const present: Query = STEADY.map((gauge) => promql`group by (service_name) (${gauge})`).reduce(
  (all, one) => promql`${all} or ${one}`,
);

/** Of the 72 steps of six hours, those a service must have been there for: a batch job is done after fewer. */
const STEPS = 60;

// It ends by itself an hour later, when the service no longer was there for five of the last six hours.
const workloadSilent: AlertDefinition = {
  name: "WorkloadSilent",
  severity: "warning",
  meaning: "A service that sent its metrics for hours has stopped, and the alerts that read them cannot fire.",
  summary: "{{ $labels.service_name }} no longer sends metrics.",
  query: promql`
    count_over_time(${present}[6h:5m]) > ${STEPS}
    unless ${present}
    and on () (count(${scrape.up}{job="gateway"} == 1) > 0)`,
  for: "10m",
  impact: "It may have ended; whether its work is done, late or wrong is not known.",
  actions: [
    "See whether it runs where it should: `docker ps`, `kubectl get pods`, `systemctl status <service>`.",
    "It runs: check `OTEL_EXPORTER_OTLP_ENDPOINT` in its environment, and the host's agent.",
    "It was taken out of service on purpose: nothing to do, this ends within an hour.",
  ],
  dashboard: "workflows",
  datadog: { exempt: "it holds for services that sent for hours and no longer do, while a gateway answers Prometheus" },
};

/** The partner of every alert on a gauge that may be absent. */
export const silenceAlerts: readonly AlertDefinition[] = [workloadSilent];
