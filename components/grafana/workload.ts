import { toYaml } from "../core/yaml.ts";
import { certificateRequest } from "../runtime/placement.ts";
import type { Workload } from "../runtime/workload.ts";
import { type GrafanaContent, planGrafanaContent } from "./content.ts";
import {
  ADMIN_PASSWORD_FILE,
  DASHBOARDS_FOLDER,
  renderContactPoints,
  renderDashboardProvider,
  renderDataSources,
  renderGrafanaEnv,
  secretsOf,
} from "./render.ts";
import type { GrafanaSettings } from "./settings.ts";

/** Grafana with everything it shows provisioned from files; people sign in with a password over TLS. */
export function grafanaWorkload(settings: GrafanaSettings): Workload {
  const { placement } = settings;
  const { name, bind, ports, memoryMiB, paths } = placement;
  const content = planGrafanaContent(settings);
  const secrets = secretsOf(content).map((secret) => [secret, secret]);
  return {
    name,
    service: "grafana",
    program: "grafana",
    args: ["server"],
    files: renderFiles(content, paths),
    secretFiles: { [ADMIN_PASSWORD_FILE]: "grafana-admin-password", ...Object.fromEntries(secrets) },
    env: renderGrafanaEnv(settings),
    ports: { http: { host: bind, port: ports.http, protocol: "tcp", access: "password" } },
    volumes: [{ name: "grafana", sizeMiB: 1024, stateful: true }],
    health: { port: "http", path: "/api/health", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.2 },
    certificate: certificateRequest(placement),
  };
}

/** A part with nothing in it gets no file. */
function renderFiles(content: GrafanaContent, paths: GrafanaSettings["placement"]["paths"]): Record<string, string> {
  const { dashboards, contactPoints } = content;
  const files: Record<string, string> = {
    "provisioning/datasources/datasources.yaml": toYaml(renderDataSources(content, paths)),
  };
  if (dashboards.length > 0) {
    files["provisioning/dashboards/dashboards.yaml"] = toYaml(renderDashboardProvider(content, paths));
  }
  // On one line each: indented, they would fill a ConfigMap of Kubernetes (1 MiB).
  for (const { uid, model } of dashboards) files[`${DASHBOARDS_FOLDER}/${uid}.json`] = `${JSON.stringify(model)}\n`;
  if (contactPoints.length > 0) {
    files["provisioning/alerting/contact-points.yaml"] = toYaml(renderContactPoints(content, paths));
  }
  return files;
}
