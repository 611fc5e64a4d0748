import { type ProgramHome, tlsFiles, within } from "../runtime/workload.ts";
import type { GrafanaContent, GrafanaDataSource, Hidden } from "./content.ts";
import type { GrafanaSettings } from "./settings.ts";

/** File that holds the administrator's password. */
export const ADMIN_PASSWORD_FILE = "grafana-admin-password";
/** Folder with a file per dashboard. */
export const DASHBOARDS_FOLDER = "dashboards";

/**
 * Grafana looks for `conf/defaults.ini` in its home alone and ends without it; it resolves these paths against its
 * home, and those of certificates and `$__file{}` against its working folder.
 *
 * Source: grafana/grafana, `pkg/setting/setting.go`: setHomePath, makeAbsolute.
 */
export const HOME: ProgramHome = {
  program: "bin/grafana",
  argument: "--homepath",
  paths: ["GF_PATHS_PROVISIONING", "GF_PATHS_DATA", "GF_PATHS_PLUGINS"],
};

/** What Grafana calls the address of each kind of contact point. */
const ADDRESS_KEYS = { webhook: "url", teams: "url", slack: "url", pagerduty: "integrationKey" } as const;

type Paths = GrafanaSettings["placement"]["paths"];

/** `provisioning/datasources/datasources.yaml`. */
export function renderDataSources({ dataSources }: GrafanaContent, paths: Paths): object {
  return { apiVersion: 1, prune: true, datasources: dataSources.map((source) => renderDataSource(source, paths)) };
}

function renderDataSource(source: GrafanaDataSource, paths: Paths): object {
  const { uid, type, url, isDefault, user, basicAuthUser, jsonData, hidden } = source;
  return {
    uid,
    name: uid,
    type,
    access: "proxy",
    url,
    isDefault,
    ...(user === undefined ? {} : { user }),
    ...(basicAuthUser === undefined ? {} : { basicAuth: true, basicAuthUser }),
    jsonData: escapeDollars(jsonData),
    secureJsonData: renderHidden(hidden, paths),
  };
}

/** `provisioning/dashboards/dashboards.yaml`: what the code no longer has goes from Grafana, too. */
export function renderDashboardProvider({ folder }: GrafanaContent, paths: Paths): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: folder.uid,
        type: "file",
        folder: folder.title,
        folderUid: folder.uid,
        disableDeletion: false,
        allowUiUpdates: false,
        options: { path: within(paths.config, DASHBOARDS_FOLDER) },
      },
    ],
  };
}

/** `provisioning/alerting/contact-points.yaml`. */
export function renderContactPoints({ contactPoints }: GrafanaContent, paths: Paths): object {
  return {
    apiVersion: 1,
    contactPoints: contactPoints.map(({ uid, name, type, settings, address }) => {
      const hidden = renderHidden({ [ADDRESS_KEYS[type]]: address }, paths);
      return { orgId: 1, name, receivers: [{ uid, type, settings: { ...escapeDollars(settings), ...hidden } }] };
    }),
  };
}

/** Names of the environment's secrets that its files read. */
export function secretsOf({ dataSources, contactPoints }: GrafanaContent): readonly string[] {
  const hidden = [
    ...dataSources.flatMap((source) => Object.values(source.hidden)),
    ...contactPoints.map((point) => point.address),
  ];
  return [...new Set(hidden.flatMap((value) => ("secret" in value ? [value.secret] : [])))];
}

/** Grafana takes `$` for a variable in the text of such a file, too: a URL or key with one in it cannot be given so. */
function renderHidden(hidden: Readonly<Record<string, Hidden>>, paths: Paths): Readonly<Record<string, string>> {
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  const files = { ca: caFile, cert: certFile, key: keyFile };
  return Object.fromEntries(
    Object.entries(hidden).map(([key, value]) => {
      if ("text" in value) return [key, escapeDollars(value.text)];
      const file = "tls" in value ? files[value.tls] : within(paths.secrets, value.secret);
      return [key, `${"prefix" in value ? value.prefix : ""}$__file{${file}}`];
    }),
  );
}

/** In a provisioning file Grafana takes `$` for a variable of its process, and `$$` for `$`. */
function escapeDollars<T>(value: T): T {
  if (typeof value === "string") return value.replaceAll("$", "$$$$") as T;
  if (Array.isArray(value)) return value.map(escapeDollars) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeDollars(item)])) as T;
}

/** Settings as the environment variables Grafana reads in the place of grafana.ini. */
export function renderGrafanaEnv({
  placement,
  publicUrl,
}: Pick<GrafanaSettings, "placement" | "publicUrl">): Readonly<Record<string, string>> {
  const { bind, ports, paths } = placement;
  const { certFile, keyFile } = tlsFiles(paths);
  return {
    GF_SERVER_PROTOCOL: "https",
    GF_SERVER_HTTP_ADDR: bind,
    GF_SERVER_HTTP_PORT: String(ports.http),
    ...(publicUrl === undefined
      ? {}
      : {
          // Its links and redirects, and the origin it takes requests of.
          GF_SERVER_DOMAIN: new URL(publicUrl).hostname,
          GF_SERVER_ROOT_URL: `${publicUrl}/`,
          GF_SECURITY_COOKIE_SECURE: "true",
        }),
    GF_SERVER_CERT_FILE: certFile,
    GF_SERVER_CERT_KEY: keyFile,
    GF_SECURITY_ADMIN_PASSWORD: `$__file{${within(paths.secrets, ADMIN_PASSWORD_FILE)}}`,
    GF_PATHS_PROVISIONING: within(paths.config, "provisioning"),
    GF_PATHS_DATA: within(paths.data, "grafana"),
    GF_PATHS_PLUGINS: within(paths.data, "grafana/plugins"),
    // What runs it keeps its log; a file would be one more place to fill.
    GF_LOG_MODE: "console",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    // Since 13.2 its data sources are plugins, which it would replace at each start by newer ones from grafana.com:
    // removed first, so that a failed download leaves none (grafana/grafana#132528).
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_PLUGINS_PREINSTALL_AUTO_UPDATE: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_USERS_ALLOW_SIGN_UP: "false",
  };
}
