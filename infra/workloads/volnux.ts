import type { Sdk } from "./sdk.ts";
import { SpanKind } from "./service.ts";

/** The span tree and metrics of a Volnux workflow, as the strategy document draws them (S1 span hierarchy). */
export async function volnux(sdk: Sdk): Promise<string> {
  const service = sdk.service("workflow-service");
  const { meter } = service;
  let traceId = "";
  const task = (name: string) =>
    service.span(
      `task.execute.${name}`,
      { attributes: { "task.name": name, "task.is_parallel": false } },
      () => undefined,
    );
  const coordinator = () =>
    service.span("coordinator.execute", {}, async () => {
      await service.span("flow.setup", {}, () => undefined);
      await service.span("flow.run", {}, async () => {
        await task("load_data");
        await task("validate_data");
      });
      await service.span("result_processor.process", {}, () => undefined);
    });
  /** Contexts are linked: each is dispatched within the one before it. */
  const dispatch = (depth: number): Promise<void> =>
    service.span("context.dispatch", { attributes: { "context.id": `context-${depth}` } }, async () => {
      await (depth === 3 ? coordinator() : dispatch(depth + 1));
    });
  const attributes = { "pipeline.class": "DataProcessingPipeline", "workflow.status": "COMPLETED" };
  await service.span("pipeline.DataProcessingPipeline", { kind: SpanKind.SERVER, attributes }, async (span) => {
    traceId = span.spanContext().traceId;
    await service.span("workflow.engine.execute", { attributes: { "engine.type": "default" } }, async () => {
      await service.span("engine.process_task", {}, async () => {
        await dispatch(1);
        await service.span("engine.resolve_next_task", {}, () => undefined);
      });
      await service.span("engine.sink_nodes", {}, () => undefined);
    });
    meter.createHistogram("workflow.duration", { unit: "s" }).record(2.5);
    meter.createGauge("workflow.error_rate").record(0.01);
    meter.createHistogram("task.execution_time", { unit: "s" }).record(0.3);
    meter.createGauge("parallel_tasks.count").record(2);
  });
  return traceId;
}
