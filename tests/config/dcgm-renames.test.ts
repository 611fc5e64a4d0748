import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderGpuTransform } from "../../components/collector/render-gpu-transform.ts";
import { toYaml } from "../../components/core/yaml.ts";
import { DCGM_RENAMES, type DcgmRename } from "../../components/signals/dcgm-renames.ts";
import { DCGM_SIGNALS } from "../../components/signals/gpu.ts";
import { NETWORKS } from "../support/networks.ts";
import { program } from "../support/programs.ts";

/** Values of a GPU in the catalogue's units: each field has one of its own. */
const valueOf = (field: string): number => 1 + DCGM_RENAMES.findIndex((rename) => rename.field === field);
const signalOf = (field: string) => DCGM_SIGNALS.find((signal) => signal.field === field);

/** The same GPU as an exporter of 4.9 with its default counters serves it. */
function exposition(): string {
  const labels = 'gpu="0",UUID="GPU-1",modelName="NVIDIA H100",hostname="gpu-1",DCGM_FI_SYSTEM_DRIVER_VERSION="590.1"';
  return DCGM_RENAMES.map((rename) => {
    const type = signalOf(rename.field)?.exporterType ?? "gauge";
    return `# TYPE ${rename.since49} ${type}\n${rename.since49}{${labels}} ${toNewUnit(rename)}\n`;
  }).join("");
}

function toNewUnit({ field, unit: [operator, factor] = ["*", 1] }: DcgmRename): number {
  return operator === "*" ? valueOf(field) / factor : valueOf(field) * factor;
}

interface Point {
  readonly asDouble: number;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
}
interface Metric {
  readonly name: string;
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly sum?: { readonly dataPoints: readonly Point[] };
}

describe("an exporter of 4.9 with its default counters", () => {
  const folder = mkdtempSync(join(tmpdir(), "dcgm-renames-"));
  let exporter: Server;
  let collector: ChildProcess;
  let metrics: readonly Metric[] = [];

  beforeAll(async () => {
    exporter = createServer((_, answer) => void answer.setHeader("content-type", "text/plain").end(exposition()));
    await new Promise<void>((resolve) => exporter.listen(0, `${NETWORKS.releases}.4`, resolve));
    const { address, port } = exporter.address() as AddressInfo;
    const scrape = { job_name: "dcgm", scrape_interval: "1s", static_configs: [{ targets: [`${address}:${port}`] }] };
    const config = {
      receivers: { prometheus: { config: { scrape_configs: [scrape] } } },
      processors: { transform: renderGpuTransform() },
      exporters: { file: { path: "metrics.jsonl", flush_interval: "100ms" } },
      service: {
        pipelines: { metrics: { receivers: ["prometheus"], processors: ["transform"], exporters: ["file"] } },
        telemetry: { metrics: { level: "none" } },
      },
    };
    writeFileSync(join(folder, "config.yaml"), toYaml(config));
    collector = spawn(program("otelcol"), ["--config=config.yaml"], { cwd: folder, stdio: "ignore" });
    for (const deadline = Date.now() + 30_000; metrics.length === 0 && Date.now() < deadline; await sleep(200))
      metrics = read(join(folder, "metrics.jsonl"));
  });

  afterAll(() => {
    collector.kill("SIGKILL");
    exporter.closeAllConnections();
    exporter.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(DCGM_RENAMES)("is read as one of 4.8: $since49 as $field", (rename) => {
    const { otel } = signalOf(rename.field) ?? {};
    const wanted = valueOf(rename.field) * (otel?.scale ?? 1);
    const named = metrics.filter(({ name }) => name === (otel?.name ?? rename.field));
    const values = named.flatMap(pointsOf).map(({ asDouble }) => asDouble);
    expect(
      values.some((value) => Math.abs(value / wanted - 1) < 1e-9),
      `${wanted} among ${values.join(", ")}`,
    ).toBe(true);
    expect(metrics.map(({ name }) => name)).not.toContain(rename.since49);
  });

  it("names the driver and the model, and leaves the host to the resource", () => {
    const points = metrics.filter(({ name }) => name.startsWith("hw.")).flatMap(pointsOf);
    expect(points.length).toBeGreaterThan(0);
    for (const { attributes } of points) {
      const found = Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
      expect(found).toMatchObject({ "hw.driver_version": "590.1", "hw.model": "NVIDIA H100", "hw.id": "GPU-1" });
      expect(Object.keys(found).filter((key) => /host|DCGM/i.test(key))).toEqual([]);
    }
  });
});

function pointsOf({ gauge, sum }: Metric): readonly Point[] {
  return [...(gauge?.dataPoints ?? []), ...(sum?.dataPoints ?? [])];
}

/** The last scrape that holds DCGM's series. */
function read(file: string): readonly Metric[] {
  try {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const scrapes = lines.map(
      (line) =>
        JSON.parse(line) as { resourceMetrics: readonly { scopeMetrics: readonly { metrics: readonly Metric[] }[] }[] },
    );
    const all = scrapes.map(({ resourceMetrics }) =>
      resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
    );
    return all.findLast((found) => found.length >= DCGM_RENAMES.length) ?? [];
  } catch {
    return [];
  }
}
