import { threshold, type ThresholdTable, type ThresholdValues } from "../threshold.ts";

export const WORKLOADS_THRESHOLDS = {
  workflowErrorRate: threshold(0.05, "1", "Share of workflows that failed within 5 minutes: more than 5 % (S1 L286)."),
  workflowErrorRuns: threshold(
    1,
    "{workflow}",
    "Workflows there must have been within 5 minutes for their share to count; the documents name none, so one is enough.",
  ),
  workflowSlowdown: threshold(2, "1", "How many times its baseline a workflow's P95 may be (S1 L287)."),
  workflowSlowSeconds: threshold(
    600,
    "s",
    "P95 of a workflow that has no baseline yet past which it is slow; the documents give none.",
  ),
  timeoutErrors: threshold(
    0,
    "{error}",
    "Execution timeouts within 15 minutes that are not told of; the documents count each (S1 L289).",
  ),
  healthChecksFailed: threshold(0.5, "1", "Share of a model server's health checks that may fail within 5 minutes."),
  mediaDeadLetters: threshold(0, "{job}", "Jobs given up within 15 minutes that are not told of: each is lost work."),
  mediaRetryRate: threshold(0.2, "1", "Jobs tried again for each job done, past which something behind them is sick."),
  mediaFailureRate: threshold(0.05, "1", "Share of jobs that failed within 15 minutes; the documents' 5 % (S1 L286)."),
  mediaBacklog: threshold(100, "{job}", "Jobs that wait, for 15 minutes, past which workers are too few or stuck."),
  modelAccuracy: threshold(0.8, "1", "Accuracy below which a model's answers are not to be relied on."),
  dataDrift: threshold(0.3, "1", "Drift past which data is no longer what the model was trained on."),
  predictionSeconds: threshold(1, "s", "Mean time of a prediction past which its callers wait."),
  pluginSeconds: threshold(60, "s", "Mean time of a plugin's run past which it holds up its pipeline."),
} as const satisfies ThresholdTable;

export type WorkloadsThresholds = ThresholdValues<typeof WORKLOADS_THRESHOLDS>;
