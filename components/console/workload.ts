import { toJson } from "../core/yaml.ts";
import { certificateRequest } from "../runtime/placement.ts";
import { type Listener, within, type Workload } from "../runtime/workload.ts";
import { CONSOLE_PASSWORD, portsOf, renderConsole } from "./render.ts";
import type { ConsoleSettings } from "./settings.ts";

/** Program of this project that shows the environment in a browser and forwards to the backends' own UIs, read-only. */
export function consoleWorkload(settings: ConsoleSettings): Workload {
  const { placement } = settings;
  const { name, bind, paths, memoryMiB } = placement;
  const listener = (port: number): Listener => ({ host: bind, port, protocol: "tcp", access: "password" });
  return {
    name,
    service: "console",
    program: "console",
    args: ["--config", within(paths.config, "console.json")],
    files: { "console.json": toJson(renderConsole(settings)) },
    secretFiles: { [CONSOLE_PASSWORD]: CONSOLE_PASSWORD },
    env: {},
    ports: Object.fromEntries(Object.entries(portsOf(settings)).map(([port, number]) => [port, listener(number)])),
    volumes: [],
    // On loopback without TLS: a browser knows nothing of the environment's authority.
    health: { port: "http", path: "/healthz", scheme: "http", deadlineSeconds: 15 },
    resources: { memoryMiB, cpu: 0.05 },
    certificate: certificateRequest(placement),
  };
}
