import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderAgent } from "../../components/collector/render-agent.ts";
import type { AgentSettings } from "../../components/collector/settings.ts";
import { agentWorkload } from "../../components/collector/workload.ts";
import { toYaml } from "../../components/core/yaml.ts";
import { dcgmExporterWorkload } from "../../components/gpu-host/workloads.ts";
import { renderPrometheus } from "../../components/prometheus/render.ts";
import { collector } from "../../components/signals/collector.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { kernel } from "../../components/signals/kernel.ts";
import { PROCESS_PATHS } from "../../components/runtime/workload.ts";
import { program } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";
import { agentSettings } from "../unit/collector/fixture.ts";

interface LogRequest {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly severityNumber: number;
        readonly severityText: string;
        readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
      }[];
    }[];
  }[];
}
type Labels = Readonly<Record<string, string>>;
const SIMULATOR = join(import.meta.dirname, "../../components/gpu-host/simulator/main.ts");
const HOST = "127.0.0.1";
const XID = (text: string) =>
  `${new Date().toISOString().replace("Z", "000+00:00")} gpu-1 kernel: [ 9.000000] ${text}\n`;

describe("an agent's metrics in Prometheus", () => {
  const children: ChildProcess[] = [];
  let at: Relocated;
  let prometheus: number;

  beforeAll(async () => {
    const [otlpGrpc, otlpHttp, health, metrics, web, dcgm] = await Promise.all(Array.from({ length: 6 }, freePort));
    prometheus = web ?? 0;
    const settings = agentSettings({
      placement: {
        ...agentSettings().placement,
        ports: { otlpGrpc: otlpGrpc ?? 0, otlpHttp: otlpHttp ?? 0, health: health ?? 0, metrics: metrics ?? 0 },
      },
      scrapes: { "dcgm-exporter": { host: HOST, port: dcgm ?? 0 } },
      scrapeInterval: "1s",
      kernelLogs: ["kern.log"],
      nvidiaLogs: [],
    });
    at = await relocate(agentWorkload(settings));
    writeFileSync(join(at.folder, "otel-collector-config.yaml"), toYaml(sendingTo(settings, prometheus)));
    writeFileSync(join(at.folder, "prometheus.yml"), toYaml(prometheusOf(metrics ?? 0)));
    const start = (name: string, args: readonly string[]) =>
      children.push(spawn(program(name), args, { cwd: at.folder, stdio: "ignore" }));
    start("prometheus", [
      "--config.file=prometheus.yml",
      `--web.listen-address=${HOST}:${prometheus}`,
      "--web.enable-otlp-receiver",
    ]);
    const simulated = dcgmExporterWorkload({
      placement: {
        ...{ name: "gpu-1-dcgm-exporter", bind: HOST, dial: HOST, ports: { http: dcgm ?? 0 }, memoryMiB: 256 },
        ...{ paths: PROCESS_PATHS, certificateNames: [] },
      },
      simulated: { hostName: "gpu-1", gpus: 2, scenario: "healthy" },
    });
    for (const [path, text] of Object.entries(simulated.files)) writeFileSync(join(at.folder, path), text);
    children.push(spawn(process.execPath, [SIMULATOR, ...simulated.args], { cwd: at.folder, stdio: "ignore" }));
    await eventually(async () => (await fetch(`http://${HOST}:${prometheus}/-/ready`)).ok);
    start("otelcol", at.args);
    await eventually(async () => (await fetch(`http://${HOST}:${health}/`)).ok);
    // The file appears while the agent runs, as rsyslog makes it.
    appendFileSync(join(at.folder, "kern.log"), XID("NVRM: Xid (PCI:0000:3B:00): 79, pid=4711, name=python3, Off."));
  });

  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(at.folder, { recursive: true, force: true });
  });

  it("are named as those of a collector that is scraped (anchors, defect 5)", async () => {
    const names = async (job: string) =>
      [...new Set((await series(`{__name__=~"otelcol_.*", job="${job}"}`)).map((labels) => labels["__name__"] ?? ""))]
        // Prometheus moves a `total` within a name to its end. No signal of the catalogue has one.
        .map((name) => (name.includes("_total_alloc_") ? "otelcol_process_runtime_alloc_bytes_total" : name))
        .sort();
    await eventually(async () => (await names("agent")).includes(collector.sentPoints.prometheusName));
    // What differs in the end is shown below.
    await eventually(async () => String(await names("scraped")) === String(await names("agent"))).catch(
      () => undefined,
    );
    const pushed = await names("agent");
    expect(pushed).toEqual(await names("scraped"));
    expect(pushed).toEqual(
      expect.arrayContaining([
        "otelcol_process_memory_rss_bytes",
        "otelcol_process_uptime_seconds_total",
        "otelcol_process_cpu_seconds_total",
        "otelcol_exporter_sent_metric_points_total",
        "otelcol_exporter_queue_size",
      ]),
    );
    for (const { name, prometheusName } of Object.values(collector)) {
      const spelt = pushed.filter((other) => other.replace(/(_bytes|_seconds)?(_total)?$/, "") === name);
      expect([[], [prometheusName]]).toContainEqual(spelt);
    }
    const labels = await series(collector.processorIncoming.prometheusName);
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.filter((item) => "otel_signal" in item)).toEqual(labels);
  });

  it("of a GPU and of its kernel lines join on the bus id, and name its job", async () => {
    const joined = `${gpu.temperature.prometheusName}{hw_sensor_location="gpu"} * on (host_name, pci_bus_id) group_left ()
      label_replace(${kernel.xids.prometheusName}{nvidia_xid="94"}, "pci_bus_id", "$1", "nvidia_pci_bus_id", "(.*)")`;
    appendFileSync(
      join(at.folder, "kern.log"),
      XID("NVRM: Xid (PCI:0000:1b:00): 94, pid=4711, name=python3, Contained."),
    );
    await eventually(async () => (await series(joined)).length === 1);
    expect((await series(joined))[0]).toMatchObject({ gpu: "0", pci_bus_id: "0000:1b:00.0", hpc_job: "48211" });
  });

  it("count the Xid lines of the kernel log, by GPU, code and process", async () => {
    const first = `${kernel.xids.prometheusName}{nvidia_xid="79", process_executable_name!=""}`;
    await eventually(async () => (await series(first)).length === 1);
    expect((await series(first))[0]).toEqual({
      __name__: "nvidia_xid_events_total",
      nvidia_xid: "79",
      nvidia_pci_bus_id: "0000:3b:00.0",
      process_executable_name: "python3",
      host_name: "gpu-1",
      deployment_environment_name: "production",
      service_name: "kernel",
      service_instance_id: "gpu-1",
      job: "kernel",
      instance: "gpu-1",
    });
  });

  it("add up over Xid lines of one second that come one by one", async () => {
    const query = `${kernel.xids.prometheusName}{nvidia_xid="13"}`;
    for (let count = 1; count <= 3; count += 1) {
      appendFileSync(
        join(at.folder, "kern.log"),
        XID("NVRM: Xid (PCI:0000:43:00): 13, pid='<unknown>', name=<unknown>, Ch 1."),
      );
      await eventually(async () => (await value(query)) === count);
    }
    expect((await series(query))[0]).not.toHaveProperty("process_executable_name");
  });

  it("leave out Xid lines from before, which an agent reads when it is new on a host", async () => {
    const old =
      "2020-03-04T05:06:07.000000+00:00 gpu-1 kernel: NVRM: Xid (PCI:0000:43:00): 48, pid=1, name=old, DBE.\n";
    appendFileSync(join(at.folder, "kern.log"), old + XID("NVRM: Xid (PCI:0000:43:00): 31, pid=1, name=new, Ch 1."));
    await eventually(async () => (await value(`${kernel.xids.prometheusName}{nvidia_xid="31"}`)) === 1);
    expect(await series(`${kernel.xids.prometheusName}{nvidia_xid="48"}`)).toEqual([]);
  });

  it("come beside log records with a severity and without what the driver does not know", async () => {
    appendFileSync(
      join(at.folder, "kern.log"),
      XID("NVRM: Xid (PCI:0000:43:00): 171, pid='<unknown>', name=<unknown>, New.") +
        XID("NVRM: GPU 0000:43:00.0: GPU has fallen off the bus.") +
        XID("NVRM: loading"),
    );
    await eventually(() => Promise.resolve().then(() => records().at(-1)?.severityText === "INFO"));
    expect(records().slice(-3)).toEqual([
      { severityNumber: 17, severityText: "ERROR", "nvidia.xid": "171", "nvidia.pci_bus_id": "0000:43:00.0" },
      { severityNumber: 21, severityText: "FATAL", "nvidia.xid": "79", "nvidia.pci_bus_id": "0000:43:00.0" },
      { severityNumber: 9, severityText: "INFO" },
    ]);
  });

  const records = () =>
    readFileSync(join(at.folder, "logs.jsonl"), "utf8")
      .trim()
      .split("\n")
      .flatMap((line) => (JSON.parse(line) as LogRequest).resourceLogs)
      .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
      .map(({ severityNumber, severityText, attributes }) => ({
        severityNumber,
        severityText,
        ...Object.fromEntries(
          attributes
            .filter(({ key }) => key.startsWith("nvidia.") || key.startsWith("process."))
            .map(({ key, value: { stringValue } }) => [key, stringValue]),
        ),
      }));

  const query = async (expression: string): Promise<readonly { metric: Labels; value: [number, string] }[]> => {
    const url = `http://${HOST}:${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const answer = (await (await fetch(url)).json()) as {
      data: { result: { metric: Labels; value: [number, string] }[] };
    };
    return answer.data.result;
  };
  const series = async (expression: string) => (await query(expression)).map(({ metric }) => metric);
  const value = async (expression: string) => Number((await query(expression))[0]?.value[1]);
});

/** The agent's configuration, with a Prometheus in the place of the gateways. */
function sendingTo(settings: AgentSettings, port: number): object {
  const config = renderAgent({ ...settings, gateways: settings.gateways.slice(0, 1) });
  const [gateways = ""] = Object.keys(config.exporters);
  const sink = "otlp_http/prometheus";
  const to = (name: string) => (name.startsWith("metrics") ? sink : name.startsWith("logs") ? "file" : "debug");
  return {
    ...config,
    exporters: {
      [sink]: { endpoint: `http://${HOST}:${port}/api/v1/otlp`, tls: { insecure: true } },
      debug: {},
      file: { path: "logs.jsonl" },
    },
    service: {
      ...config.service,
      pipelines: Object.fromEntries(
        Object.entries(config.service.pipelines).map(([name, pipeline]) => [
          name,
          { ...pipeline, exporters: pipeline.exporters.map((id) => (id === gateways ? to(name) : id)) },
        ]),
      ),
    },
  };
}

/** Spells what it is sent as the environment's Prometheus does, and scrapes the agent as that one scrapes a gateway. */
function prometheusOf(agentMetrics: number): object {
  const rendered = renderPrometheus({
    placement: {
      ...{ name: "prometheus-a", bind: HOST, dial: HOST, ports: { http: 9090 }, memoryMiB: 512 },
      ...{ paths: PROCESS_PATHS, certificateNames: [] },
    },
    environment: "production",
    ingestion: "otlp",
    retention: "1d",
    scrapeInterval: "1s",
    evaluationInterval: "1s",
    outOfOrderWindow: "10m",
    targets: [{ job: "scraped", scheme: "http", addresses: [{ host: HOST, port: agentMetrics }] }],
    alertmanagers: [],
    rules: {},
  });
  return { ...rendered, alerting: {} };
}

async function eventually(ready: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await ready().catch(() => false)) return;
    await sleep(200);
  }
  throw new Error("it did not come about within 30 seconds");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
