import { toYaml } from "../core/yaml.ts";
import { objectStoreParts } from "../runtime/object-store-files.ts";
import { isReplicated, replicaArgs, replicaListeners } from "../runtime/ring.ts";
import { certificateRequest } from "../runtime/placement.ts";
import { within, type Workload } from "../runtime/workload.ts";
import { grpcHost, renderTempo } from "./render.ts";
import type { TempoSettings } from "./settings.ts";

/** Tempo, every part in each copy. */
export function tempoWorkload(settings: TempoSettings): Workload {
  const { placement, storage, volumeMiB = 20_480 } = settings;
  const { name, paths, memoryMiB, replicas } = placement;
  const ports = replicaListeners<"http" | "grpc" | "otlp">(placement);
  const store = objectStoreParts(storage, paths);
  return {
    name,
    service: "tempo",
    program: "tempo",
    args: [`-config.file=${within(paths.config, "tempo.yaml")}`, ...replicaArgs(placement)],
    files: { "tempo.yaml": toYaml(renderTempo(settings)), ...store.files },
    secretFiles: store.secretFiles,
    env: store.env,
    ports: { ...ports, grpc: { ...ports.grpc, host: grpcHost(settings) } },
    volumes: [{ name: "traces", sizeMiB: volumeMiB, stateful: true }],
    health: { port: "http", path: "/ready", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
    ...(isReplicated(placement) && replicas !== undefined ? { replicas } : {}),
  };
}
