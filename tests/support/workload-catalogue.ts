/** Name of a metric in the documents (requirements Q5) → its names in Prometheus (C-26). */
export const METRICS: Readonly<Record<string, readonly string[]>> = {
  "workflow.duration": histogram("workflow_duration_seconds"),
  "workflow.error_rate": ["workflow_error_rate"],
  "task.execution_time": histogram("task_execution_time_seconds"),
  "parallel_tasks.count": ["parallel_tasks_count"],
  // The exposition of the documents' own counter: a counter's name ends in `_total`.
  my_counter: ["my_counter_total"],
  media_cluster_jobs_total: ["media_cluster_jobs_total"],
  media_cluster_retries_total: ["media_cluster_retries_total"],
  media_cluster_deadletter_total: ["media_cluster_deadletter_total"],
  media_cluster_processing_duration_seconds: histogram("media_cluster_processing_duration_seconds"),
  media_cluster_embedding_duration_seconds: histogram("media_cluster_embedding_duration_seconds"),
  media_cluster_postgres_write_seconds: histogram("media_cluster_postgres_write_seconds"),
  media_cluster_pending_jobs: ["media_cluster_pending_jobs"],
  media_cluster_worker_inflight: ["media_cluster_worker_inflight"],
  mlx_model_prediction_latency_seconds: histogram("mlx_model_prediction_latency_seconds"),
  mlx_model_accuracy_score: ["mlx_model_accuracy_score"],
  mlx_data_drift_score: ["mlx_data_drift_score"],
  mlx_plugin_execution_duration_seconds: histogram("mlx_plugin_execution_duration_seconds"),
  // Not of the documents by name: the crawler latency they want beside the GPU panels (S0-33).
  "crawler.request.duration": histogram("crawler_request_duration_seconds"),
};

/** The Volnux tree, each span below its parent (seed S1, "Span Hierarchy"; contexts linked three deep). */
export const VOLNUX_TREE: readonly string[] = [
  "context.dispatch > context.dispatch",
  "context.dispatch > context.dispatch",
  "context.dispatch > coordinator.execute",
  "coordinator.execute > flow.run",
  "coordinator.execute > flow.setup",
  "coordinator.execute > result_processor.process",
  "engine.process_task > context.dispatch",
  "engine.process_task > engine.resolve_next_task",
  "flow.run > task.execute.load_data",
  "flow.run > task.execute.validate_data",
  "pipeline.DataProcessingPipeline > workflow.engine.execute",
  "root > pipeline.DataProcessingPipeline",
  "workflow.engine.execute > engine.process_task",
  "workflow.engine.execute > engine.sink_nodes",
];

/** The crawler's flow: three services, one trace. */
export const CRAWLER_TREE: readonly string[] = [
  "INSERT articles > store article",
  "articles process > INSERT articles",
  "articles process > background refresh",
  "articles process > gpu.schedule",
  "articles process > model.inference",
  "articles publish > articles process",
  "crawl article > articles publish",
  "root > crawl article",
];

function histogram(name: string): readonly string[] {
  return [`${name}_bucket`, `${name}_count`, `${name}_sum`];
}
