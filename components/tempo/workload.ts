import { toYaml } from "../core/yaml.ts";
import { mutualTlsListeners } from "../runtime/listeners.ts";
import { certificateRequest } from "../runtime/placement.ts";
import { within, type Workload } from "../runtime/workload.ts";
import { INTERNAL_HOST, renderTempo } from "./render.ts";
import type { TempoSettings } from "./settings.ts";

/** Tempo, every part in one process. */
export function tempoWorkload(settings: TempoSettings): Workload {
  const { placement } = settings;
  const { name, paths, memoryMiB } = placement;
  const ports = mutualTlsListeners(placement);
  return {
    name,
    service: "tempo",
    program: "tempo",
    args: [`-config.file=${within(paths.config, "tempo.yaml")}`],
    files: { "tempo.yaml": toYaml(renderTempo(settings)) },
    secretFiles: {},
    env: {},
    ports: { ...ports, grpc: { ...ports.grpc, host: INTERNAL_HOST } },
    volumes: [{ name: "traces", sizeMiB: 20_480, stateful: true }],
    health: { port: "http", path: "/ready", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
  };
}
