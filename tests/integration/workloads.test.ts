import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import type { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { findSeries, type Reader } from "../../infra/cli/verify/read.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { CRAWLER_TREE, METRICS, VOLNUX_TREE } from "../support/workload-catalogue.ts";
import { NETWORKS } from "../support/networks.ts";
import { eventually, labelValues, linesOf, spansOf, treeOf } from "../support/read-back.ts";
import { refuse } from "../support/refusing-agent.ts";

const LOOPBACK = NETWORKS.workloads;
const PET_ID_HASH = createHash("sha256").update("pet-1234").digest("hex");

interface Round {
  readonly traceIds: Record<"crawler" | "volnux" | "satellite" | "mediaClustering" | "mlx", string>;
  readonly metrics: readonly string[];
}

/** Runs the workloads as a user would; each line of standard output is a round. */
async function runWorkloads(endpoint: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ["infra/workloads/main.ts", ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  const rounds = output.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Round]));
  return { code, errors, rounds };
}

describe("the workloads, when an agent does not take everything", () => {
  const cases = (["trace", "metrics", "logs"] as const).flatMap((signal) =>
    (["whole", "in part"] as const).map((how) => ({ signal, how })),
  );

  it.each(cases)("end with 1 and the reason when $signal is refused $how", async ({ signal, how }) => {
    const agent = await refuse(signal, how);
    const { code, errors, rounds } = await runWorkloads(agent.endpoint);
    agent.close();
    expect(code).toBe(1);
    expect(errors).toMatch(
      how === "whole" ? /^export failed: .*INVALID_ARGUMENT/ : /^export failed: .*Partial Success/,
    );
    expect(rounds).toEqual([]);
  });
});

describe("the documents' workloads", () => {
  const environment = new LocalEnvironment(LOOPBACK);
  let dispatcher: Agent;
  let sent: Round;
  const reader = (port: number): Reader => ({ endpoint: `https://${LOOPBACK}.1:${port}`, dispatcher });
  const [prometheus, tempo, loki] = [() => reader(9090), () => reader(3200), () => reader(3100)];
  /** The whole trace: one that is being written is read again. */
  const spans = (traceId: string, count: number) =>
    eventually(
      () => spansOf(tempo(), traceId),
      (found) => found.length >= count,
    );

  beforeAll(async () => {
    const up = await environment.run("up");
    expect(up.code, up.output.slice(-4000)).toBe(0);
    dispatcher = environment.connect();
    const ran = await runWorkloads(`http://${LOOPBACK}.1:4317`);
    expect(ran.code, ran.errors).toBe(0);
    expect(ran.rounds.length).toBe(1);
    sent = ran.rounds[0] as Round;
  }, 300_000);

  afterAll(async () => {
    await environment.run("destroy");
    await dispatcher?.close();
    environment.removeFolder();
  }, 120_000);

  it("send exactly the metrics of the documents, byte for byte (Q5)", () => {
    expect([...sent.metrics]).toEqual(Object.keys(METRICS).sort());
  });

  it("are in Prometheus under exactly the names of the catalogue, none added and none renamed (C-26, S3-04)", async () => {
    const expected = Object.values(METRICS).flat().sort();
    const selector = '{__name__=~"(workflow|task|parallel_tasks|my_counter|media_cluster|mlx|crawler).*"}';
    const stored = await eventually(
      () => labelValues(prometheus(), "__name__", selector),
      (names) => names.length >= expected.length,
    );
    expect([...stored].sort()).toEqual(expected);
  });

  it("keep the labels of media clustering, with pet_id as its hash only (S3-13, S3-21, S3-22, C-27)", async () => {
    const labels = `pet_id="${PET_ID_HASH}",cluster_version="3",model_version="1.4"`;
    const ofJobs = Object.keys(METRICS).filter((name) => /^media_cluster_.*(_total|_seconds)$/.test(name));
    for (const name of ofJobs.flatMap((source) => METRICS[source] ?? []))
      expect(await findSeries(prometheus(), `${name}{${labels}}`), name).toBeUndefined();
    expect(await findSeries(prometheus(), `media_cluster_jobs_total{status="succeeded",${labels}}`)).toBeUndefined();
    expect(await labelValues(prometheus(), "pet_id", '{__name__=~".+"}')).toEqual([PET_ID_HASH]);
  });

  it("draw one trace from crawler over queue and agent to the database (S0-05 to S0-07, S0-39 to S0-41)", async () => {
    const found = await spans(sent.traceIds.crawler, CRAWLER_TREE.length);
    expect(treeOf(found)).toEqual([...CRAWLER_TREE].sort());
    expect([...new Set(found.map(({ service }) => service))].sort()).toEqual(["agent-worker", "article-db", "crawler"]);
    const byName = new Map(found.map((span) => [span.name, span]));
    expect(byName.get("articles publish")?.kind).toBe("PRODUCER");
    expect(byName.get("articles process")?.kind).toBe("CONSUMER");
    expect(byName.get("gpu.schedule")?.attributes).toMatchObject({ "hw.id": "GPU-0" });
    expect(byName.get("INSERT articles")).toMatchObject({ kind: "CLIENT", attributes: { "db.system": "postgresql" } });
  });

  it("carry the baggage onto every span and log record of the trace, one record a step (S0-43)", async () => {
    const found = await spans(sent.traceIds.crawler, CRAWLER_TREE.length);
    for (const { name, attributes } of found)
      expect(attributes, name).toMatchObject({ "article.id": "article-42", "job.id": "job-7" });
    const query = `{service_name=~"crawler|agent-worker|article-db"} | trace_id="${sent.traceIds.crawler}"`;
    const lines = await eventually(
      () => linesOf(loki(), `${query} | article_id="article-42" | job_id="job-7"`),
      (there) => there.length >= CRAWLER_TREE.length,
    );
    expect(lines.map(({ body }) => body).sort()).toEqual(found.map(({ name }) => name).sort());
    for (const { span_id } of lines) expect(span_id).toMatch(/^[0-9a-f]{16}$/);
  });

  it("draw the Volnux span tree, three contexts deep (S1-01 to S1-05)", async () => {
    const found = await spans(sent.traceIds.volnux, VOLNUX_TREE.length);
    expect(treeOf(found)).toEqual([...VOLNUX_TREE].sort());
    expect(found.find(({ parent }) => parent === "root")?.kind).toBe("SERVER");
  });

  it("show Satellite's routes, HTTP client, deployment, inference and health check (S2-22 to S2-27)", async () => {
    const found = await spans(sent.traceIds.satellite, 7);
    expect(found.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      "CLIENT GET",
      "CLIENT POST",
      "INTERNAL deployment.create",
      "INTERNAL model.compute",
      "SERVER GET /healthz",
      "SERVER POST /compute",
      "SERVER POST /deployments",
    ]);
    const events = found.flatMap((span) => span.events);
    expect(events).toEqual(["container.create", "container.start"]);
  });

  it("carry the trace over the stream's message metadata, and hash pet_id there and in logs (S3-07, S3-23, C-28)", async () => {
    const found = await spans(sent.traceIds.mediaClustering, 7);
    const tree = treeOf(found);
    expect(tree).toContain("media jobs enqueue > media jobs process");
    for (const stage of ["embed", "cluster", "hero selection", "INSERT clusters"])
      expect(tree).toContain(`media jobs process > ${stage}`);
    expect(found.find(({ name }) => name === "media jobs process")?.attributes["pet_id"]).toBe(PET_ID_HASH);
    const query = `{service_name="sploot-media-clustering"} | trace_id="${sent.traceIds.mediaClustering}"`;
    const lines = await eventually(
      () => linesOf(loki(), query),
      (there) => there.length > 0,
    );
    expect(lines).toMatchObject([{ pet_id: PET_ID_HASH, job_id: "job-9", module: "worker" }]);
  });

  it.each([
    'traces_span_metrics_calls_total{span_name="model.inference"}',
    'traces_service_graph_request_total{client="satellite-agent",server="satellite-model-server"}',
    'traces_service_graph_request_total{client="agent-worker",server="article-db"}',
  ])("show latency by step and who calls whom: %s (S0-09)", async (query) => {
    const ask = () => findSeries(prometheus(), query);
    expect(await eventually(ask, (missing) => missing === undefined)).toBeUndefined();
  });

  it("count on from round to round when run for some seconds", async () => {
    const { code, errors, rounds } = await runWorkloads(`http://${LOOPBACK}.1:4317`, "--seconds", "3");
    expect(code, errors).toBe(0);
    expect(rounds.length).toBeGreaterThan(1);
    const ask = () => findSeries(prometheus(), `my_counter_total{label="value"} == ${rounds.length}`);
    expect(await eventually(ask, (missing) => missing === undefined)).toBeUndefined();
  });

  it("run with `npm start -- --with-workloads`, which reads every signal back and prints its query", async () => {
    const { code, output } = await start(environment, "--with-workloads");
    expect(code, output.slice(-4000)).toBe(0);
    for (const agent of ["gpu-1-agent", "gpu-2-agent"]) expect(output).toMatch(new RegExp(`${agent} took \\d+ rounds`));
    for (const sample of Object.keys(sent.traceIds)) expect(output).toContain(`  ${sample}: `);
    expect(output.match(/^ +read back from tempo, jaeger$/gm)).toHaveLength(5);
    expect(output.match(/^ +read back from prometheus-a, prometheus-b$/gm)).toHaveLength(5);
    expect(output.match(/^ +read back from loki$/gm)).toHaveLength(3);
    expect(output).not.toContain("MISSING");
  });
});

/** `npm start` on a test's own environment; it takes no name of a stack. */
async function start({ stateHome, overrides }: LocalEnvironment, ...args: readonly string[]) {
  const child = spawn(process.execPath, ["infra/cli/main.ts", "start", ...args, ...overrides], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, XDG_STATE_HOME: stateHome },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  return { code, output };
}
