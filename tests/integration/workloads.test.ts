import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { LocalEnvironment } from "../support/local-environment.ts";

const LOOPBACK = "127.73.0";

/** Names as Prometheus stores them: those of the documents that already are Prometheus names stay byte for byte (C-26). */
const METRICS = [
  "media_cluster_jobs_total",
  "media_cluster_retries_total",
  "media_cluster_deadletter_total",
  "media_cluster_processing_duration_seconds_bucket",
  "media_cluster_embedding_duration_seconds_bucket",
  "media_cluster_postgres_write_seconds_bucket",
  "media_cluster_pending_jobs",
  "media_cluster_worker_inflight",
  "mlx_model_prediction_latency_seconds_bucket",
  "mlx_model_accuracy_score",
  "mlx_data_drift_score",
  "mlx_plugin_execution_duration_seconds_bucket",
  "workflow_duration_seconds_bucket",
  "workflow_error_rate",
  "task_execution_time_seconds_bucket",
  "parallel_tasks_count",
  "my_counter_total",
  "traces_span_metrics_calls_total",
  "traces_service_graph_request_total",
];

const VOLNUX_SPANS = [
  "pipeline.DataProcessingPipeline",
  "workflow.engine.execute",
  "engine.process_task",
  "context.dispatch",
  "coordinator.execute",
  "flow.setup",
  "flow.run",
  "task.execute.load_data",
  "task.execute.validate_data",
  "result_processor.process",
  "engine.resolve_next_task",
  "engine.sink_nodes",
];

interface TempoTrace {
  readonly trace: {
    readonly resourceSpans: readonly {
      readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
      readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string; readonly kind: string }[] }[];
    }[];
  };
}

describe("the documents' workloads", () => {
  const environment = new LocalEnvironment(LOOPBACK);
  let dispatcher: Agent | undefined;
  let traces: Record<"crawler" | "volnux" | "satellite" | "mediaClustering" | "mlx", string>;

  beforeAll(async () => {
    const up = await environment.run("up");
    expect(up.code, up.output.slice(-4000)).toBe(0);
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) =>
      readFileSync(join(environment.folder, "operator", `${name}.pem`), "utf8"),
    );
    dispatcher = new Agent({ connect: { ca: ca ?? "", cert: cert ?? "", key: key ?? "" } });
    const ran = spawnSync(process.execPath, ["tests/workloads/main.ts"], {
      cwd: PROJECT_ROOT,
      encoding: "utf8",
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${LOOPBACK}.1:4317` },
    });
    expect(ran.status, ran.stderr).toBe(0);
    traces = JSON.parse(ran.stdout) as typeof traces;
  }, 300_000);

  afterAll(async () => {
    await environment.run("destroy");
    await dispatcher?.close();
    environment.removeFolder();
  }, 120_000);

  const read = async (port: number, path: string): Promise<unknown> => {
    const answer = await fetch(`https://${LOOPBACK}.1:${port}${path}`, {
      dispatcher: dispatcher as Agent,
      headers: { accept: "application/json" },
    });
    return answer.ok ? answer.json() : undefined;
  };
  const series = async (query: string) => {
    const answer = (await read(9090, `/api/v1/query?query=${encodeURIComponent(query)}`)) as {
      data: { result: { metric: Record<string, string> }[] };
    };
    return answer.data.result.map(({ metric }) => metric);
  };
  /** Asks until the answer is there; connectors flush every 15 s. */
  const eventually = async <T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> => {
    let answer = await ask();
    for (let attempt = 0; attempt < 60 && !isThere(answer); attempt += 1) {
      await sleep(500);
      answer = await ask();
    }
    return answer;
  };
  const traceOf = async (traceId: string) => {
    const found = (await eventually(
      () => read(3200, `/api/v2/traces/${traceId}`),
      (answer) => JSON.stringify(answer ?? {}).includes("spanId"),
    )) as TempoTrace;
    const groups = found.trace.resourceSpans;
    return {
      services: new Set(
        groups.flatMap(({ resource }) =>
          resource.attributes.flatMap(({ key, value }) => (key === "service.name" ? (value.stringValue ?? []) : [])),
        ),
      ),
      spans: groups.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    };
  };

  it.each(METRICS)("%s is in Prometheus under that very name", async (name) => {
    expect(
      (
        await eventually(
          () => series(name),
          (found) => found.length > 0,
        )
      ).length,
    ).toBeGreaterThan(0);
  });

  it("hold no readable pet_id on any series (C-27)", async () => {
    const labels = (await series("media_cluster_jobs_total")).map(({ pet_id }) => pet_id);
    expect(labels.length).toBeGreaterThan(0);
    for (const label of labels) expect(label).toMatch(/^[0-9a-f]{64}$/);
  });

  it("draw one trace from crawler over queue and agent to the database (S0-05, S0-06)", async () => {
    const { services, spans } = await traceOf(traces.crawler);
    expect([...services].sort()).toEqual(["agent-worker", "article-db", "crawler"]);
    const kinds = spans.map(({ kind }) => kind);
    expect(kinds).toContain("SPAN_KIND_PRODUCER");
    expect(kinds).toContain("SPAN_KIND_CONSUMER");
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["gpu.schedule", "model.inference", "INSERT articles", "background refresh"]),
    );
  });

  it("draw the Volnux span tree, three contexts deep (S1-01 to S1-04)", async () => {
    const names = (await traceOf(traces.volnux)).spans.map(({ name }) => name);
    expect([...new Set(names)].sort()).toEqual([...VOLNUX_SPANS].sort());
    expect(names.filter((name) => name === "context.dispatch").length).toBe(3);
  });

  it("carry the trace over the stream's message metadata (S3-07)", async () => {
    const { services, spans } = await traceOf(traces.mediaClustering);
    expect([...services].sort()).toEqual(["auth-service", "sploot-media-clustering"]);
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["embed", "cluster", "hero selection", "INSERT clusters"]),
    );
  });

  it("give logs the trace and what the baggage carries (S0-43)", async () => {
    const query = `{service_name="agent-worker"} | trace_id="${traces.crawler}" | article_id="article-42" | job_id="job-7"`;
    const path = `/loki/api/v1/query_range?limit=10&start=${Date.now() - 600_000}000000&query=${encodeURIComponent(query)}`;
    const found = (await eventually(
      () => read(3100, path),
      (answer) => ((answer as { data?: { result: unknown[] } } | undefined)?.data?.result.length ?? 0) > 0,
    )) as { data: { result: unknown[] } };
    expect(found.data.result.length).toBeGreaterThan(0);
  });

  it("show who calls whom (S0-09)", async () => {
    const edges = await eventually(
      () => series('traces_service_graph_request_total{client="satellite-agent"}'),
      (found) => found.length > 0,
    );
    expect(edges.map(({ server }) => server)).toContain("satellite-model-server");
  });
});
