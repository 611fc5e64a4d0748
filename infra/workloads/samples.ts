import { crawler } from "./crawler.ts";
import { mediaClustering } from "./media-clustering.ts";
import { mlx } from "./mlx.ts";
import { satellite } from "./satellite.ts";
import type { Sdk } from "./sdk.ts";
import { volnux } from "./volnux.ts";

/** A small application that sends what one of the seed documents describes. */
export interface Sample {
  /** Goes one path through it; gives the id of its trace. */
  readonly run: (sdk: Sdk) => Promise<string>;
  /** What it sends, in words. */
  readonly sends: string;
  /** The service whose span begins the trace. */
  readonly service: string;
  /** One of its metrics, by its name in Prometheus. */
  readonly metric: string;
  /** The service whose log records carry the trace id. @default it writes no log */
  readonly logs?: string;
}

export const SAMPLES = {
  crawler: {
    run: crawler,
    sends: "one trace from crawler over a queue and an agent to a database, a log record a step, request latency",
    service: "crawler",
    metric: "crawler_request_duration_seconds_count",
    logs: "crawler",
  },
  volnux: {
    run: volnux,
    sends: "the span tree of a workflow, its duration and error rate",
    service: "workflow-service",
    metric: "workflow_duration_seconds_count",
  },
  satellite: {
    run: satellite,
    sends: "a deployment and an inference over HTTP, a log record, a counter",
    service: "satellite-agent",
    metric: "my_counter_total",
    logs: "satellite-model-server",
  },
  mediaClustering: {
    run: mediaClustering,
    sends: "an upload, its job from a stream, eight metrics of jobs and queues, a log record",
    service: "auth-service",
    metric: "media_cluster_jobs_total",
    logs: "sploot-media-clustering",
  },
  mlx: {
    run: mlx,
    sends: "a plugin's span, latency, accuracy and drift of a model",
    service: "mlx-plugin",
    metric: "mlx_model_accuracy_score",
  },
} as const satisfies Readonly<Record<string, Sample>>;

export type SampleName = keyof typeof SAMPLES;
export const SAMPLE_NAMES = Object.keys(SAMPLES) as readonly SampleName[];

/** One path through every sample, as the agent took it in full: a line of `main.ts`. */
export interface Round {
  readonly traceIds: Readonly<Record<SampleName, string>>;
  /** Names of the metrics sent, sorted. */
  readonly metrics: readonly string[];
}
