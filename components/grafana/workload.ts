import { ConfigError } from "../core/errors.ts";
import { toYaml } from "../core/yaml.ts";
import { certificateRequest } from "../runtime/placement.ts";
import type { Workload } from "../runtime/workload.ts";
import { type GrafanaContent, planGrafanaContent } from "./content.ts";
import {
  ADMIN_PASSWORD_FILE,
  DASHBOARDS_FOLDER,
  HOME,
  renderContactPoints,
  renderDashboardProvider,
  renderDataSources,
  renderGrafanaEnv,
  secretsOf,
} from "./render.ts";
import { databaseParts } from "./render-database.ts";
import type { GrafanaSettings } from "./settings.ts";

/**
 * Grafana with everything it shows provisioned from files; people sign in with a password over TLS.
 *
 * @throws ConfigError when several copies would each keep users and dashboards of their own
 */
export function grafanaWorkload(settings: GrafanaSettings): Workload {
  const { placement, database: shared } = settings;
  const { name, bind, ports, memoryMiB, paths, replicas = 1 } = placement;
  if (replicas > 1 && shared === undefined) throw new ConfigError([usersApart(name, replicas)]);
  const content = withoutAlerting(planGrafanaContent(settings), shared !== undefined);
  const database = databaseParts(settings);
  const secrets = secretsOf(content).map((secret) => [secret, secret]);
  return {
    name,
    service: "grafana",
    program: "grafana",
    args: ["server"],
    files: { ...renderFiles(content, paths), ...database.files },
    secretFiles: {
      [ADMIN_PASSWORD_FILE]: "grafana-admin-password",
      ...Object.fromEntries(secrets),
      ...database.secretFiles,
    },
    env: { ...renderGrafanaEnv(settings), ...database.env },
    ports: { http: { host: bind, port: ports.http, protocol: "tcp", access: "password" } },
    volumes: [{ name: "grafana", sizeMiB: 1024, stateful: shared === undefined }],
    health: { port: "http", path: "/api/health", deadlineSeconds: 90 },
    resources: { memoryMiB, cpu: 0.2 },
    certificate: certificateRequest(placement),
    home: HOME,
    ...(replicas > 1 ? { replicas } : {}),
  };
}

/** A contact point is for alerts that people write in Grafana. */
function withoutAlerting(content: GrafanaContent, isOff: boolean): GrafanaContent {
  return isOff ? { ...content, contactPoints: [] } : content;
}

function usersApart(name: string, replicas: number) {
  return {
    path: `${name}: replicas`,
    expected: "1 without a database: each copy would keep users and sessions of its own",
    got: String(replicas),
    fix: "add grafana.database: { address: <host>:5432, password: <name of the stack's secret> }",
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
