import { describe, expect, it } from "vitest";
import type { Change } from "../../../infra/summary/change.ts";
import { diffSummaries } from "../../../infra/summary/diff.ts";
import { toMarkdown, toText } from "../../../infra/summary/format.ts";
import type { PartialSummary, WorkloadSummary } from "../../../infra/summary/model.ts";
import { compareWithLastUp } from "../../../infra/summary/print.ts";
import { summaryOf } from "./stacks.ts";

const GATEWAY: WorkloadSummary = {
  service: "gateway",
  program: "otelcol",
  runtime: "kubernetes",
  replicas: 2,
  maxReplicas: 2,
  memoryMiB: 512,
  cpu: 0.5,
  volumes: { queue: 1024 },
  ports: { otlpGrpc: { host: "0.0.0.0", port: 4317, protocol: "tcp", access: "mtls+token" } },
  files: { "otel-collector-config.yaml": { hash: "a", lines: 300 } },
};
const ALERT = { area: "gpu", for: "5m", condition: "a" };
/** Made up, so that the golden changes with the words alone. */
const BEFORE: PartialSummary = {
  environment: "production",
  hosts: { "gpu-1": { runtime: "ssh", gpus: 8, simulated: false } },
  sampling: { default: 0.1, services: { "workflow-service": 0.1 }, slowTraceMs: 2000 },
  thresholds: { "gpu.temperature": 85 },
  alerts: {
    GpuTooHot: { ...ALERT, severity: "warning", thresholds: { "gpu.temperature": 85 } },
    GpuHeldIdle: { ...ALERT, severity: "info", thresholds: {} },
  },
  disabledAlerts: [],
  receivers: { "on-call": { kind: "pagerduty", toldOf: ["critical"] } },
  images: { otelcol: { version: "0.145.0", image: "otel/opentelemetry-collector-contrib:0.145.0" } },
  workloads: { gateway: GATEWAY },
  retention: { tempo: { retention: "14d", on: "disk" } },
  dashboards: { "gpu-fleet": "a" },
  cost: { "active series": 38_000, "storage GiB": 150 },
};
const AFTER: PartialSummary = {
  ...BEFORE,
  hosts: { ...BEFORE.hosts, "gpu-7": { runtime: "ssh", gpus: 4, simulated: false } },
  sampling: { default: 0.1, services: { "workflow-service": 0.2 }, slowTraceMs: 2000 },
  thresholds: { "gpu.temperature": 90 },
  alerts: { GpuTooHot: { ...ALERT, severity: "warning", thresholds: { "gpu.temperature": 90 } } },
  disabledAlerts: ["GpuHeldIdle"],
  receivers: { "on-call": { kind: "pagerduty", toldOf: ["critical", "warning"] } },
  images: { otelcol: { version: "0.146.0", image: "otel/opentelemetry-collector-contrib:0.146.0" } },
  workloads: {
    gateway: {
      ...GATEWAY,
      replicas: 3,
      maxReplicas: 6,
      ports: { otlpGrpc: { host: "0.0.0.0", port: 14317, protocol: "tcp", access: "mtls+token" } },
      files: { "otel-collector-config.yaml": { hash: "b", lines: 302 } },
    },
  },
  retention: { tempo: { retention: "30d", on: "s3 objects.internal/tempo" } },
  dashboards: { "gpu-fleet": "b" },
  cost: { "active series": 42_560, "storage GiB": 150 },
};
const LINES = { "gateway/otel-collector-config.yaml": { added: 3, removed: 1 } };
const changed = (changes: readonly Change[], notes: string[] = []) => ({
  environment: "production",
  against: "origin/main",
  notes,
  changes,
});

describe("the report of changes", () => {
  it("is a comment for a pull request, one part a group", async () => {
    const text = toMarkdown([
      changed(diffSummaries(BEFORE, AFTER, LINES)),
      { ...changed([], ["its package-lock.json differs"]), environment: "staging" },
    ]);
    await expect(text).toMatchFileSnapshot("../../golden/summary.md");
  });

  it("is the same in a terminal", () => {
    const text = toText([changed(diffSummaries(BEFORE, AFTER, LINES))]);
    expect(text.split("\n")[0]).toBe("production: 14 changes against origin/main");
    expect(text).toContain("  thresholds\n    threshold gpu.temperature 85 -> 90: alert GpuTooHot\n");
    expect(text).toContain("    host gpu-7 added (ssh, 4 GPUs)\n");
    expect(text).toContain("    active series 38,000 -> 42,560 (+12 %)");
  });

  it("says that nothing changes", () => {
    expect(toText([changed([])])).toBe("production: nothing changes against origin/main");
    expect(toMarkdown([changed([])])).toContain("### production: nothing changes against origin/main");
  });

  it("makes no markup, link or mention out of names", () => {
    const what = "sampling <img src=x> @everyone [a](http://b) `c` *d* #5 0.1 -> 0.2";
    const text = toMarkdown([changed([{ group: "sampling", what, of: [] }])]);
    const line = "- sampling &#60;img src=x> &#64;everyone \\[a\\](http://b) \\`c\\` \\*d\\* &#35;5 0.1 -> 0.2";
    expect(text.split("\n")).toContain(line);
  });

  it("shortens what nobody would read and says so", () => {
    const hosts = Array.from({ length: 100 }, (_, index) => ({
      group: "hosts" as const,
      what: `host gpu-${index} added`,
      of: [],
    }));
    const text = toText([changed(hosts)]);
    expect(text.split("\n").length).toBe(43);
    expect(text).toContain("production: 100 changes");
    expect(text.split("\n").at(-1)).toBe("    and 60 more");
  });

  it("compares with the last up, and describes the environment where there was none", () => {
    const now = summaryOf("production");
    const earlier = summaryOf("production", (raw) => (raw["gateways"].count = 3));
    expect(compareWithLastUp(now, now)).toMatchObject({ against: "the last up", notes: [], changes: [] });
    expect(toText([compareWithLastUp(earlier, now)])).toContain("replicas 3 -> 2: gateway");
    const first = toText([compareWithLastUp(undefined, now)]);
    expect(first).toContain("note: the state holds no summary of an earlier up");
    expect(first).toContain("sampling     default 0.1, workflow-service 0.1");
  });
});
