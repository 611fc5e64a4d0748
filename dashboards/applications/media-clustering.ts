import { media } from "../../components/signals/applications.ts";
import { growth } from "../../components/signals/growth.ts";
import { log, logql } from "../../components/signals/log-fields.ts";
import { promql, type Query } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { logs, metric, traces } from "../library/panel-query.ts";
import { ON_ENVIRONMENT, type Variable } from "../library/variables.ts";
import { APPLICATIONS, quantiles } from "./expressions.ts";
import { backlogSteps, jobSteps } from "./steps.ts";

const version = (name: "cluster_version" | "model_version", title: string): Variable => ({
  name,
  title,
  description: `${title} of the clustering, \`${name}\`.`,
  query: promql`${media.pending}{${ON_ENVIRONMENT}}`,
});
/** `pet_id` is nobody's to read here: it is summed away. */
const CHOSEN = `${ON_ENVIRONMENT}, cluster_version=~"$cluster_version", model_version=~"$model_version"`;
const VERSIONS = "cluster {{cluster_version}}, model {{model_version}}";
const NONE = "Media clustering does nothing.";

function perSecond(counter: SignalDefinition, by: string): Query {
  return promql`sum by (${by}) (rate(${counter}{${CHOSEN}}[$__rate_interval]))`;
}
const BY = "cluster_version, model_version";

/** Sploot's media clustering: its eight metrics (S3 L20-22). */
export function mediaClustering(numbers: Numbers): DashboardDefinition {
  return {
    uid: "media-clustering",
    description: "Media clustering: jobs by outcome, retries and dead letters, how long each part takes, what waits.",
    tags: ["applications"],
    variables: [APPLICATIONS, version("cluster_version", "Cluster version"), version("model_version", "Model version")],
    links: ["request-flow", "gpu-workloads", "sla"],
    rows: [
      { title: "Jobs", panels: [jobs, failing(numbers), retries, deadLetters] },
      { title: "How long", panels: [processing, embedding, postgres] },
      { title: "What waits", panels: [pending(numbers), inFlight, wait] },
      { title: "Single jobs", panels: [failed, latest, lines] },
    ],
  };
}

const jobs: Panel = {
  title: "Jobs by outcome",
  description: "Jobs finished in a second, by status.",
  kind: "timeseries",
  queries: [metric(perSecond(media.jobs, "status"), "{{status}}")],
  empty: NONE,
  stack: true,
  series: { succeeded: "ok", failed: "critical" },
};

const failing = (numbers: Numbers): Panel => ({
  title: "Jobs that do not succeed",
  description: "Share of jobs that ended in any other way than `succeeded`.",
  kind: "timeseries",
  queries: [
    metric(
      promql`1 - sum by (${BY}) (rate(${media.jobs}{${CHOSEN}, status="succeeded"}[$__rate_interval]))
        / (${perSecond(media.jobs, BY)} > 0)`,
      VERSIONS,
    ),
  ],
  unit: "1",
  empty: NONE,
  min: 0,
  ...jobSteps(numbers),
});

const retries: Panel = {
  title: "Retries",
  description: "Jobs tried again, a second. Many retries without failures hide a sick dependency.",
  kind: "timeseries",
  queries: [metric(perSecond(media.retries, BY), VERSIONS)],
  empty: "No job was tried again.",
};

const deadLetters: Panel = {
  title: "Dead letters",
  description: "Jobs given up within 5 minutes. Each waits for somebody.",
  kind: "timeseries",
  queries: [metric(promql`sum by (${BY}) (${growth(media.deadLetters, "5m", CHOSEN)})`, VERSIONS)],
  unit: "{job}",
  empty: "No job was given up.",
};

const took = (title: string, what: string, histogram: SignalDefinition): Panel => ({
  title,
  description: `${what}: half of the jobs, one in twenty and one in a hundred take longer.`,
  kind: "timeseries",
  queries: quantiles(histogram, CHOSEN),
  empty: NONE,
  width: 8,
});

const processing = took("Processing", "A job from start to end", media.processing);
const embedding = took("Embedding", "The part on the GPU", media.embedding);
const postgres = took("Writing to PostgreSQL", "The part in the database", media.postgresWrite);

const pending = (numbers: Numbers): Panel => ({
  title: "Jobs that wait",
  description: "Jobs in the queue.",
  kind: "timeseries",
  queries: [metric(promql`sum by (${BY}) (${media.pending}{${CHOSEN}})`, VERSIONS)],
  empty: NONE,
  min: 0,
  width: 8,
  ...backlogSteps(numbers),
});

const inFlight: Panel = {
  title: "Jobs in hand",
  description: "Jobs that workers have in hand. Flat at its top while jobs wait: more workers would help.",
  kind: "timeseries",
  queries: [metric(promql`sum by (${BY}) (${media.inFlight}{${CHOSEN}})`, VERSIONS)],
  empty: NONE,
  min: 0,
  width: 8,
};

const wait: Panel = {
  title: "Expected wait",
  description: "How long a job put in now waits: jobs that wait over jobs finished a second (Little's law).",
  kind: "timeseries",
  queries: [
    metric(promql`sum by (${BY}) (${media.pending}{${CHOSEN}}) / (${perSecond(media.jobs, BY)} > 0)`, VERSIONS),
  ],
  unit: "s",
  empty: NONE,
  min: 0,
  width: 8,
};

const SERVICE = "sploot-media-clustering";

const failed: Panel = {
  title: "Failed jobs",
  description: "Traces with an error; the upload that began it, the queue and each stage are in one trace.",
  kind: "traces",
  queries: [traces(`{ status = error && resource.service.name = "${SERVICE}" }`, { absentWhile: "no job failed" })],
  unit: "{text}",
  empty: "No job failed.",
  width: 12,
};

const latest: Panel = {
  title: "Latest jobs",
  description: "Jobs as they come in, slow and fast.",
  kind: "traces",
  queries: [traces(`{ kind = consumer && resource.service.name = "${SERVICE}" }`)],
  unit: "{text}",
  empty: NONE,
  width: 12,
};

const lines: Panel = {
  title: "Lines of the workers",
  description: "What workers wrote; `job_id` is beside each line, and its trace id opens the job.",
  kind: "logs",
  queries: [logs(logql`{${log.service}="${SERVICE}", ${log.environment}=~"$environment"}`)],
  unit: "{text}",
  empty: "Workers wrote nothing.",
};
