import { toYaml } from "../core/yaml.ts";
import { mutualTlsListeners } from "../runtime/listeners.ts";
import { certificateRequest } from "../runtime/placement.ts";
import { within, type Workload } from "../runtime/workload.ts";
import { renderLoki } from "./render.ts";
import type { LokiSettings } from "./settings.ts";

/** Loki, every part in one process. */
export function lokiWorkload(settings: LokiSettings): Workload {
  const { placement } = settings;
  const { name, paths, memoryMiB } = placement;
  return {
    name,
    service: "loki",
    program: "loki",
    args: [`-config.file=${within(paths.config, "loki.yaml")}`],
    files: { "loki.yaml": toYaml(renderLoki(settings)) },
    secretFiles: {},
    env: {},
    ports: mutualTlsListeners(placement),
    volumes: [{ name: "loki", sizeMiB: 20_480, stateful: true }],
    health: { port: "http", path: "/ready", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
  };
}
