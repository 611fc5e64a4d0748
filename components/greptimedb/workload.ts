import { objectStoreParts } from "../runtime/object-store-files.ts";
import { certificateRequest } from "../runtime/placement.ts";
import type { Listener, Workload } from "../runtime/workload.ts";
import { renderGreptimedbArgs, toGreptimedbToml, USERS_FILE } from "./render.ts";
import type { GreptimedbSettings } from "./settings.ts";

/** GreptimeDB, standalone. */
export function greptimedbWorkload(settings: GreptimedbSettings): Workload {
  const { placement, storage = { kind: "disk" } } = settings;
  const { name, bind, ports, memoryMiB, paths } = placement;
  const store = objectStoreParts(storage, paths);
  const listener = (port: number): Listener => ({ host: bind, port, protocol: "tcp", access: "password" });
  return {
    name,
    service: "greptimedb",
    program: "greptimedb",
    args: renderGreptimedbArgs(settings),
    files: { "greptimedb.toml": toGreptimedbToml(settings) },
    secretFiles: { [USERS_FILE]: "greptimedb-users", ...store.secretFiles },
    env: store.env,
    ports: {
      http: listener(ports.http),
      grpc: listener(ports.grpc),
      mysql: listener(ports.mysql),
      postgres: listener(ports.postgres),
    },
    volumes: [{ name: "greptimedb", sizeMiB: settings.volumeMiB ?? 20_480, stateful: true }],
    health: { port: "http", path: "/health", scheme: "http", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
  };
}
