import { toYaml } from "../core/yaml.ts";
import { mutualTlsListeners, renderWebConfig } from "../runtime/listeners.ts";
import { certificateRequest, replicasOf } from "../runtime/placement.ts";
import { within, type Workload } from "../runtime/workload.ts";
import { renderPrometheus } from "./render.ts";
import type { PrometheusSettings } from "./settings.ts";

const INGESTION_FLAGS = {
  otlp: ["--web.enable-otlp-receiver"],
  remoteWrite: ["--web.enable-remote-write-receiver"],
  scrape: [],
} as const;

/** One Prometheus server; replicas are equal and know nothing of each other. */
export function prometheusWorkload(settings: PrometheusSettings): Workload {
  const { placement, retention, ingestion, rules } = settings;
  const { name, bind, ports, paths, memoryMiB } = placement;
  return {
    name,
    service: "prometheus",
    program: "prometheus",
    args: [
      `--config.file=${within(paths.config, "prometheus.yml")}`,
      `--web.config.file=${within(paths.config, "web-config.yml")}`,
      `--web.listen-address=${bind}:${ports.http}`,
      `--storage.tsdb.path=${within(paths.data, "tsdb")}`,
      `--storage.tsdb.retention.time=${retention}`,
      "--enable-feature=exemplar-storage",
      ...INGESTION_FLAGS[ingestion],
    ],
    files: {
      "prometheus.yml": toYaml(renderPrometheus(settings)),
      "web-config.yml": toYaml(renderWebConfig(paths)),
      ...Object.fromEntries(Object.entries(rules).map(([path, file]) => [path, toYaml(file)])),
    },
    secretFiles: {},
    env: {},
    ports: mutualTlsListeners(placement),
    volumes: [{ name: "tsdb", sizeMiB: settings.volumeMiB ?? 20_480, stateful: true }],
    // Ready once its write-ahead log is read, which takes minutes where there is much of it.
    health: { port: "http", path: "/-/ready", deadlineSeconds: 300 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
    ...replicasOf(placement),
  };
}
