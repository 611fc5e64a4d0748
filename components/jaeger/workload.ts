import { ConfigError } from "../core/errors.ts";
import { toYaml } from "../core/yaml.ts";
import { mutualTlsListeners } from "../runtime/listeners.ts";
import { certificateRequest } from "../runtime/placement.ts";
import { type Listener, within, type Workload } from "../runtime/workload.ts";
import { renderJaeger } from "./render.ts";
import { storeParts } from "./render-store.ts";
import type { JaegerSettings } from "./settings.ts";

/**
 * Jaeger 2, all parts in each copy.
 *
 * @throws ConfigError when several copies would each keep traces of their own
 */
export function jaegerWorkload(settings: JaegerSettings): Workload {
  const { placement, storage } = settings;
  const { name, bind, ports, paths, memoryMiB, replicas = 1 } = placement;
  if (replicas > 1 && typeof storage === "string") throw new ConfigError([tracesApart(name, replicas, storage)]);
  const store = storeParts(storage);
  const open = (port: number): Listener => ({ host: bind, port, protocol: "tcp", access: "plaintext" });
  return {
    name,
    service: "jaeger",
    program: "jaeger",
    args: [`--config=${within(paths.config, "jaeger.yaml")}`],
    files: { "jaeger.yaml": toYaml(renderJaeger(settings)), ...store.files },
    secretFiles: store.secretFiles,
    // The module's build traces itself unless told not to.
    env: { OTEL_TRACES_SAMPLER: "always_off" },
    ports: { ...mutualTlsListeners(placement), health: open(ports.health), metrics: open(ports.metrics) },
    volumes: storage === "badger" ? [{ name: "badger", sizeMiB: settings.volumeMiB ?? 20_480, stateful: true }] : [],
    health: { port: "health", path: "/status", deadlineSeconds: 60 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
    ...(replicas > 1 ? { replicas } : {}),
  };
}

function tracesApart(name: string, replicas: number, storage: string) {
  return {
    path: `${name}: replicas`,
    expected: `1 with ${storage}: each copy would keep traces of its own`,
    got: String(replicas),
    fix: "give it a store that all copies reach: elasticsearch, opensearch or clickhouse",
  };
}
