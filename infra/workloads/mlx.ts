import type { Sdk } from "./sdk.ts";

/** The four metrics of the ML platform's decision record (S4 L133-154), and a plugin's span. */
export async function mlx(sdk: Sdk): Promise<string> {
  const service = sdk.service("mlx-plugin");
  const { meter } = service;
  let traceId = "";
  await service.span("plugin.execute", {}, (span) => {
    traceId = span.spanContext().traceId;
    meter
      .createHistogram("mlx_model_prediction_latency_seconds", { unit: "s", description: "Model prediction latency" })
      .record(0.04);
    meter.createGauge("mlx_model_accuracy_score", { description: "Model accuracy score" }).record(0.97);
    meter.createGauge("mlx_data_drift_score", { description: "Data drift detection score" }).record(0.1);
    meter
      .createHistogram("mlx_plugin_execution_duration_seconds", { unit: "s", description: "Plugin execution time" })
      .record(0.3);
  });
  return traceId;
}
