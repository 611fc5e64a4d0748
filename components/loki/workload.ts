import { toYaml } from "../core/yaml.ts";
import { certificateRequest } from "../runtime/placement.ts";
import { within, type Workload } from "../runtime/workload.ts";
import { objectStoreParts } from "../runtime/object-store-files.ts";
import { renderLoki } from "./render.ts";
import { isReplicated, replicaArgs, replicaListeners } from "../runtime/ring.ts";
import type { LokiSettings } from "./settings.ts";

/** Loki, every part in each copy. */
export function lokiWorkload(settings: LokiSettings): Workload {
  const { placement, storage, volumeMiB = 20_480 } = settings;
  const { name, paths, memoryMiB, replicas } = placement;
  const store = objectStoreParts(storage, paths);
  return {
    name,
    service: "loki",
    program: "loki",
    args: [`-config.file=${within(paths.config, "loki.yaml")}`, ...replicaArgs(placement)],
    files: { "loki.yaml": toYaml(renderLoki(settings)), ...store.files },
    secretFiles: store.secretFiles,
    env: store.env,
    ports: replicaListeners(placement),
    volumes: [{ name: "loki", sizeMiB: volumeMiB, stateful: true }],
    health: { port: "http", path: "/ready", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
    ...(isReplicated(placement) && replicas !== undefined ? { replicas } : {}),
  };
}
