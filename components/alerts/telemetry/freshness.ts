import { scrape } from "../../signals/backends.ts";
import { promql, type Query } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { NEVER_PASSES_A_GATEWAY } from "./exempt.ts";
import type { TelemetryThresholds } from "./thresholds.ts";

/** Data that comes late, with gaps, or not at all. */
export const freshnessAlerts = (thresholds: TelemetryThresholds, inventory: Inventory): readonly AlertDefinition[] => [
  targetMissing(inventory),
  scrapeGaps(thresholds),
  hostDataLate(thresholds),
];

/** Replicas of each job that Prometheus must know. A target that is down is still known. */
function countMissing({ gateways, prometheus, alertmanagers, backends }: Inventory): Query {
  const expected = [
    ["gateway", gateways],
    ["prometheus", prometheus],
    ["alertmanager", alertmanagers],
    ...backends.map((backend) => [backend, 1] as const),
  ] as const;
  return expected
    .filter(([, count]) => count > 0)
    .map(
      ([job, count]) =>
        promql`(count by (job) (${scrape.up}{job="${job}"}) or label_replace(vector(0), "job", "${job}", "", "")) < ${count}`,
    )
    .reduce((all, one) => promql`${all} or ${one}`);
}

const targetMissing = (inventory: Inventory): AlertDefinition => ({
  name: "ScrapeTargetMissing",
  severity: "warning",
  meaning: "Prometheus asks fewer replicas of a program than the environment has: there is not even a sign of failure.",
  summary: "Only {{ $value }} of the replicas of {{ $labels.job }} are scraped.",
  query: countMissing(inventory),
  for: "5m",
  impact: "Alerts on that program cannot fire, because its series do not exist.",
  actions: [
    "Compare `scrape_configs` that Prometheus runs with those rendered: `npm run render -- <stack>`.",
    "Load what is rendered: `npm run up -- <stack>`.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: NEVER_PASSES_A_GATEWAY,
});

const scrapeGaps = ({ scrapesMissed }: TelemetryThresholds): AlertDefinition => ({
  name: "ScrapeGaps",
  severity: "warning",
  meaning: "A target answers, but again and again it does not.",
  summary: "{{ $labels.job }} {{ $labels.instance }} answered {{ $value | humanizePercentage }} of its scrapes.",
  query: promql`avg_over_time(${scrape.up}[15m]) < ${1 - scrapesMissed} and max_over_time(${scrape.up}[5m]) == 1`,
  // Longer than the window: one restart is no gap.
  for: "20m",
  impact: "Rates are computed over gaps, and short faults between two answers are not seen.",
  actions: [
    "Compare the scrape's duration with its interval: a slow target needs a longer one, or fewer series.",
    "Look for restarts of the target, and for a host short of processor time.",
  ],
  knobs: ["alerts.telemetry.scrapesMissed"],
  dashboard: "telemetry-pipeline",
  datadog: { exempt: "it holds when a target that answers did not again and again: a monitor compares one number" },
});

// A host that falls silent has no samples to be late: its data is at most five minutes old, then gone, before this
// has held for ten. That it is silent is told by the area `host`.
const hostDataLate = ({ dataAge }: TelemetryThresholds): AlertDefinition => ({
  name: "HostDataLate",
  severity: "warning",
  meaning: "The newest metrics of a host are old, again and again: they wait somewhere, or come with gaps.",
  summary: "Metrics of {{ $labels.host_name }} are up to {{ $value | humanizeDuration }} old.",
  query: promql`
    max by (host_name) (max_over_time((time() - timestamp(${scrape.up}{job="agent"}))[5m:1m])) > ${dataAge}`,
  for: "10m",
  impact: "Alerts on that host come late, and panels show the past.",
  actions: [
    "Look at the queues of the host's agent and of the gateways: whichever is not empty waits for the next in line.",
    "Compare clocks: `chronyc tracking` on the host.",
    "After an outage the backlog drains by itself; the age shrinks on the dashboard.",
  ],
  knobs: ["alerts.telemetry.dataAge"],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "Datadog gives points no age a monitor could read; a host without data is told by its no-data monitor",
  },
});
