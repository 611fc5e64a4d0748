import { alertmanager, prometheus } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { NEVER_PASSES_A_GATEWAY } from "../telemetry/exempt.ts";

const storageFaulty: AlertDefinition = {
  name: "PrometheusStorageFaulty",
  severity: "critical",
  meaning: "Prometheus met a corrupt write-ahead log, or cannot compact its blocks.",
  summary: "Prometheus {{ $labels.instance }} has a fault in its storage.",
  query: promql`
    increase(${prometheus.walCorruptions}[15m]) > 0 or increase(${prometheus.compactionsFailed}[3h]) > 0`,
  impact: "Samples since the last block are lost at a restart, or the disk fills because nothing is compacted.",
  actions: [
    "Look for a full disk first: `df -h <data directory>`; then for a faulty one in the kernel log.",
    "The other replica has the data: stop this one, remove the block or log segment its log names, and start it.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S3-63"],
};

const samplesRefused: AlertDefinition = {
  name: "PrometheusSamplesRefused",
  severity: "warning",
  meaning: "Prometheus refuses samples because they are older than its out-of-order window.",
  summary: "Prometheus {{ $labels.instance }} refused {{ $value | humanize }} samples as too old within 15 minutes.",
  query: promql`sum by (job, instance) (increase(${prometheus.tooOld}[15m])) > 0`,
  for: "5m",
  impact: "Those samples are lost here, and a gateway gives up the whole batch they came in.",
  actions: [
    "After an outage longer than the window this is expected and ends with the backlog.",
    "Without an outage, look for a sender with a wrong clock: `chronyc tracking` on its host.",
    "Outages may be longer: raise `prometheus.outOfOrderWindow`.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};

const configurationNotLoaded: AlertDefinition = {
  name: "ConfigurationNotLoaded",
  severity: "warning",
  meaning: "Prometheus or an Alertmanager was given a configuration it does not take, and runs the one before.",
  summary: "{{ $labels.job }} {{ $labels.instance }} runs an old configuration.",
  query: promql`${prometheus.configReloaded} == 0 or ${alertmanager.configReloaded} == 0`,
  for: "5m",
  impact: "New rules, targets and receivers do not exist yet; at the next restart it does not start.",
  actions: [
    "The reason is in its log. The rendered files are checked by `npm run test:config`.",
    "Mend the environment and load it: `npm run up -- <stack>`.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};

/** Storage and configuration that are not what they should be. */
export const integrityAlerts: readonly AlertDefinition[] = [storageFaulty, samplesRefused, configurationNotLoaded];
