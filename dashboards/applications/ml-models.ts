import { mlx, spans } from "../../components/signals/applications.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { log, logql } from "../../components/signals/log-fields.ts";
import { bucketsOf, countOf, promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { logs, metric, traces } from "../library/panel-query.ts";
import { OF_SERVICE, ON_ENVIRONMENT, serviceFrom } from "../library/variables.ts";
import { APPLICATIONS, calls, failureShare, quantile, quantiles } from "./expressions.ts";
import { accuracySteps, driftSteps, pluginSteps, predictionSteps } from "./steps.ts";

const PLUGINS = `${OF_SERVICE}, span_name=~"plugin[.].+"`;
const TRAINING = `${ON_ENVIRONMENT}, span_name=~"(training|train)[._ ].+"`;
const INFERENCE = `${ON_ENVIRONMENT}, span_name="model.inference"`;

/** mlx: models, data drift, plugins and training (S4 L121-123, L133-154). */
export function mlModels(numbers: Numbers): DashboardDefinition {
  return {
    uid: "ml-models",
    description: "Models and plugins of mlx: accuracy, drift of their data, latency of predictions, plugins, training.",
    tags: ["applications"],
    variables: [APPLICATIONS, serviceFrom(promql`${mlx.accuracy}{${ON_ENVIRONMENT}}`)],
    links: ["gpu-workloads", "request-flow", "audit"],
    rows: [
      {
        title: "Models",
        panels: [accuracy(numbers), drift(numbers), prediction(numbers), spread, predictions, inference],
      },
      { title: "Plugins", panels: [plugins(numbers), pluginRuns, pluginFailures] },
      { title: "Training", panels: [training, trainingTime, busy] },
      { title: "Single runs", panels: [runs, lines] },
    ],
  };
}

const accuracy = (numbers: Numbers): Panel => ({
  title: "Accuracy",
  description: "Accuracy of each model, 0 to 1. Below the line an alert fires.",
  kind: "timeseries",
  queries: [metric(promql`min by (service_name, host_name) (${mlx.accuracy}{${OF_SERVICE}})`, "{{service_name}}")],
  unit: "1",
  empty: "No model reports its accuracy.",
  min: 0,
  max: 1,
  ...accuracySteps(numbers),
});

const drift = (numbers: Numbers): Panel => ({
  title: "Data drift",
  description:
    "How far data moved from what a model was trained on, 0 to 1. Above the line it should be trained again.",
  kind: "timeseries",
  queries: [metric(promql`max by (service_name, host_name) (${mlx.drift}{${OF_SERVICE}})`, "{{service_name}}")],
  unit: "1",
  empty: "No model reports the drift of its data.",
  min: 0,
  max: 1,
  ...driftSteps(numbers),
});

const prediction = (numbers: Numbers): Panel => ({
  title: "Prediction latency",
  description: "Half of the predictions, one in twenty and one in a hundred take longer; a point opens its trace.",
  kind: "timeseries",
  queries: quantiles(mlx.predictionLatency, OF_SERVICE),
  empty: "No model predicts.",
  ...predictionSteps(numbers),
});

const spread: Panel = {
  title: "Spread of prediction latency",
  description: "How many predictions took how long.",
  kind: "heatmap",
  queries: [
    metric(
      promql`sum by (le) (increase(${bucketsOf(mlx.predictionLatency)}{${OF_SERVICE}}[$__rate_interval]))`,
      "{{le}}",
    ),
  ],
  unit: "s",
  empty: "No model predicts.",
};

const predictions: Panel = {
  title: "Predictions",
  description: "Predictions a second.",
  kind: "timeseries",
  queries: [
    metric(
      promql`sum by (service_name) (rate(${countOf(mlx.predictionLatency)}{${OF_SERVICE}}[$__rate_interval]))`,
      "{{service_name}}",
    ),
  ],
  unit: "{prediction}/s",
  empty: "No model predicts.",
};

const inference: Panel = {
  title: "Inference inside requests, P95",
  description: "Inference spans of any service: one in twenty takes longer.",
  kind: "timeseries",
  queries: [
    metric(quantile(0.95, spans.duration, INFERENCE, "service_name"), "{{service_name}}", {
      absentWhile: "no request asks a model",
    }),
  ],
  empty: "No request asked a model.",
};

const plugins = (numbers: Numbers): Panel => ({
  title: "Plugin time",
  description: "Half of the runs of plugins, one in twenty and one in a hundred take longer.",
  kind: "timeseries",
  queries: quantiles(mlx.pluginDuration, OF_SERVICE),
  empty: "No plugin ran.",
  width: 8,
  ...pluginSteps(numbers),
});

const pluginRuns: Panel = {
  title: "Plugin runs",
  description: "Runs of plugins a second.",
  kind: "timeseries",
  queries: [metric(calls(PLUGINS, "service_name, span_name"), "{{service_name}} {{span_name}}")],
  unit: "{run}/s",
  empty: "No plugin ran.",
  width: 8,
};

const pluginFailures: Panel = {
  title: "Plugins failing",
  description: "Share of runs of plugins that failed.",
  kind: "timeseries",
  queries: [metric(failureShare(PLUGINS, "service_name"), "{{service_name}}")],
  unit: "1",
  empty: "No plugin ran.",
  min: 0,
  width: 8,
};

const NO_TRAINING = { absentWhile: "no training job runs" };

const training: Panel = {
  title: "Training jobs",
  description: "Training steps a second: spans whose name begins with `training` or `train`.",
  kind: "timeseries",
  queries: [metric(calls(TRAINING, "service_name, span_name"), "{{service_name}} {{span_name}}", NO_TRAINING)],
  unit: "{step}/s",
  empty: "No training job ran.",
  width: 8,
};

const trainingTime: Panel = {
  title: "Training steps, P95",
  description: "One training step in twenty takes longer.",
  kind: "timeseries",
  queries: [
    metric(quantile(0.95, spans.duration, TRAINING, "service_name, span_name"), "{{service_name}} {{span_name}}", {
      ...NO_TRAINING,
    }),
  ],
  empty: "No training job ran.",
  width: 8,
};

const busy: Panel = {
  title: "GPUs of the environment",
  description: "Mean utilisation by host: slow predictions on busy GPUs want more GPUs, on idle ones another cause.",
  kind: "timeseries",
  queries: [metric(promql`avg by (host_name) (${gpu.utilization}{${ON_ENVIRONMENT}})`, "{{host_name}}")],
  empty: "No GPU reports its utilisation.",
  min: 0,
  max: 1,
  width: 8,
};

const runs: Panel = {
  title: "Plugin runs, one by one",
  description: "Traces of plugins, below the workflow that ran them.",
  kind: "traces",
  queries: [traces('{ name =~ "plugin.+" && resource.service.name =~ "$service_name" }')],
  unit: "{text}",
  empty: "No plugin ran.",
};

const lines: Panel = {
  title: "Lines of models and plugins",
  description: "What they wrote; a line with a trace id opens its run.",
  kind: "logs",
  queries: [
    logs(logql`{${log.service}=~"$service_name", ${log.environment}=~"$environment"}`, "", {
      absentWhile: "plugins write no lines",
    }),
  ],
  unit: "{text}",
  empty: "Models and plugins wrote nothing.",
};
