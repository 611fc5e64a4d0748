import { media } from "../../signals/applications.ts";
import { growth } from "../../signals/growth.ts";
import { promql } from "../../signals/query.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { WorkloadsThresholds } from "./thresholds.ts";

/** The pet is left out: its hash says nothing to a reader, and would make an alert a pet. */
const VERSIONS = "service_name, cluster_version, model_version";
const WORKER_LOGS = '{service_name="sploot-media-clustering"} | severity_text=~"ERROR|FATAL"';

/** Media clustering (S3 L20-23); its thresholds are the environment's to set (C-20). */
export const mediaAlerts = (thresholds: WorkloadsThresholds): readonly AlertDefinition[] => [
  deadLetters(thresholds),
  retries(thresholds),
  failures(thresholds),
  backlog(thresholds),
];

const deadLetters = ({ mediaDeadLetters }: WorkloadsThresholds): AlertDefinition => ({
  name: "MediaDeadLetters",
  severity: "warning",
  meaning: "Jobs of media clustering were given up after all their tries.",
  summary: "{{ $value | humanize }} jobs of {{ $labels.service_name }} were given up within 15 minutes.",
  query: promql`sum by (${VERSIONS}) (${growth(media.deadLetters, "15m")}) > ${mediaDeadLetters}`,
  impact: "Those pictures stay unclustered until somebody runs their jobs again.",
  actions: [
    "Read why in the log lines of the jobs, by `job_id`.",
    "Mend the cause, then put the dead letters back into the queue.",
  ],
  knobs: ["alerts.workloads.mediaDeadLetters"],
  dashboard: "media-clustering",
  logs: WORKER_LOGS,
  datadog: datadog`sum(last_15m):sum:${media.deadLetters} by {service,cluster_version,model_version}.as_count() > ${mediaDeadLetters}`,
  requirements: ["S3-15", "C-20"],
});

const retries = ({ mediaRetryRate }: WorkloadsThresholds): AlertDefinition => ({
  name: "MediaRetriesHigh",
  severity: "warning",
  meaning: "Many jobs of media clustering need more than one try.",
  summary: "{{ $labels.service_name }} retries {{ $value | humanize }} times for each job done.",
  query: promql`
    sum by (${VERSIONS}) (${growth(media.retries, "15m")})
    / sum by (${VERSIONS}) (${growth(media.jobs, "15m")}) > ${mediaRetryRate}`,
  for: "5m",
  impact: "Jobs take longer; when tries run out they become dead letters.",
  actions: [
    "See which stage fails in a trace with an error: embedding, clustering, or the write to PostgreSQL.",
    "A stage that waits for a GPU or the database: look at their panels for the same minutes.",
  ],
  knobs: ["alerts.workloads.mediaRetryRate"],
  dashboard: "media-clustering",
  logs: WORKER_LOGS,
  datadog: datadog`sum(last_15m):sum:${media.retries} by {service,cluster_version,model_version}.as_count() / sum:${media.jobs} by {service,cluster_version,model_version}.as_count() > ${mediaRetryRate}`,
  requirements: ["S3-14", "C-20"],
});

const failures = ({ mediaFailureRate }: WorkloadsThresholds): AlertDefinition => ({
  name: "MediaFailuresHigh",
  severity: "warning",
  meaning: "Too large a share of media clustering's jobs failed.",
  summary: "{{ $value | humanizePercentage }} of the jobs of {{ $labels.service_name }} failed within 15 minutes.",
  // The documents name the label `status` and not its values: whatever begins with fail or error is a failure.
  query: promql`
    sum by (${VERSIONS}) (${growth(media.jobs, "15m", 'status=~"(?i)(fail|error).*"')})
    / sum by (${VERSIONS}) (${growth(media.jobs, "15m")}) > ${mediaFailureRate}`,
  for: "5m",
  impact: "Pictures stay unclustered.",
  actions: [
    "See which stage fails in a trace with an error, and read its log lines.",
    "Only one `model_version` fails: go back to the one before.",
  ],
  knobs: ["alerts.workloads.mediaFailureRate"],
  dashboard: "media-clustering",
  logs: WORKER_LOGS,
  datadog: datadog`sum(last_15m):sum:${media.jobs}{(status:fail* OR status:error*)} by {service,cluster_version,model_version}.as_count() / sum:${media.jobs} by {service,cluster_version,model_version}.as_count() > ${mediaFailureRate}`,
  requirements: ["S3-13", "C-20"],
});

const backlog = ({ mediaBacklog }: WorkloadsThresholds): AlertDefinition => ({
  name: "MediaBacklog",
  severity: "warning",
  meaning: "Many jobs of media clustering have waited for a while.",
  summary: "{{ $value }} jobs of {{ $labels.service_name }} wait.",
  query: promql`min by (${VERSIONS}) (min_over_time(${media.pending}[15m])) > ${mediaBacklog}`,
  impact: "New pictures are clustered late.",
  actions: [
    "No job in hand (`media_cluster_worker_inflight` is 0): workers are stuck or gone; restart them.",
    "All workers busy: compare the time of embedding with yesterday's, and look at GPU throttling; then add workers.",
  ],
  knobs: ["alerts.workloads.mediaBacklog"],
  dashboard: "media-clustering",
  logs: WORKER_LOGS,
  datadog: datadog`min(last_15m):min:${media.pending} by {service,cluster_version,model_version} > ${mediaBacklog}`,
  requirements: ["S3-19", "C-20"],
});
