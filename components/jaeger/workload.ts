import { toYaml } from "../core/yaml.ts";
import { mutualTlsListeners } from "../runtime/listeners.ts";
import { certificateRequest } from "../runtime/placement.ts";
import { type Listener, within, type Workload } from "../runtime/workload.ts";
import { renderJaeger } from "./render.ts";
import type { JaegerSettings } from "./settings.ts";

/** Jaeger 2, all in one. */
export function jaegerWorkload(settings: JaegerSettings): Workload {
  const { placement } = settings;
  const { name, bind, ports, paths, memoryMiB } = placement;
  const open = (port: number): Listener => ({ host: bind, port, protocol: "tcp", access: "plaintext" });
  return {
    name,
    service: "jaeger",
    program: "jaeger",
    args: [`--config=${within(paths.config, "jaeger.yaml")}`],
    files: { "jaeger.yaml": toYaml(renderJaeger(settings)) },
    secretFiles: {},
    // The module's build traces itself unless told not to.
    env: { OTEL_TRACES_SAMPLER: "always_off" },
    ports: { ...mutualTlsListeners(placement), health: open(ports.health), metrics: open(ports.metrics) },
    volumes: settings.storage === "badger" ? [{ name: "badger", sizeMiB: 20_480, stateful: true }] : [],
    health: { port: "health", path: "/status", deadlineSeconds: 60 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
  };
}
