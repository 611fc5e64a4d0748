import { toYaml } from "../core/yaml.ts";
import { certificateRequest } from "../runtime/placement.ts";
import type { Workload } from "../runtime/workload.ts";
import { ADMIN_PASSWORD_FILE, renderDataSources, renderGrafanaEnv } from "./render.ts";
import type { GrafanaSettings } from "./settings.ts";

/** Grafana with its data sources provisioned from a file; people sign in with a password over TLS. */
export function grafanaWorkload(settings: GrafanaSettings): Workload {
  const { placement } = settings;
  const { name, bind, ports, memoryMiB } = placement;
  return {
    name,
    service: "grafana",
    program: "grafana",
    args: ["server"],
    files: { "provisioning/datasources/datasources.yaml": toYaml(renderDataSources(settings)) },
    secretFiles: { [ADMIN_PASSWORD_FILE]: "grafana-admin-password" },
    env: renderGrafanaEnv(settings),
    ports: { http: { host: bind, port: ports.http, protocol: "tcp", access: "password" } },
    volumes: [{ name: "grafana", sizeMiB: 1024, stateful: true }],
    health: { port: "http", path: "/api/health", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.2 },
    certificate: certificateRequest(placement),
  };
}
