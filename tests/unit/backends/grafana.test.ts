import { describe, expect, it } from "vitest";
import type { GrafanaSettings, GrafanaSources } from "../../../components/grafana/settings.ts";
import { grafanaWorkload } from "../../../components/grafana/workload.ts";
import { findAll, placementOf, readConfig } from "./fixture.ts";

const at = (host: string, port: number) => ({ host, port });
const ALL: GrafanaSources = {
  prometheus: at("prometheus-a", 9090),
  alertmanager: at("alertmanager-a", 9093),
  tempo: at("tempo", 3200),
  loki: at("loki", 3100),
  jaeger: at("jaeger", 16686),
  greptimedb: { http: at("greptimedb", 4000), mysql: at("greptimedb", 4002), user: "reader" },
};
/** Every choice of backends. */
const CHOICES: readonly GrafanaSources[] = Array.from({ length: 2 ** Object.keys(ALL).length }, (_, bits) =>
  Object.fromEntries(Object.entries(ALL).filter((_entry, index) => (bits >> index) & 1)),
);

interface Source {
  readonly uid: string;
  readonly url: string;
  readonly isDefault: boolean;
  readonly basicAuthUser?: string;
  readonly user?: string;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly secureJsonData: Readonly<Record<string, string>>;
}

const workloadOf = (sources: GrafanaSources = ALL, more: Partial<GrafanaSettings> = {}) =>
  grafanaWorkload({ placement: placementOf("grafana", { http: 3000 }), sources, ...more });
const sourcesOf = (sources?: GrafanaSources): readonly Source[] =>
  (
    readConfig(workloadOf(sources), "provisioning/datasources/datasources.yaml") as {
      datasources: readonly Source[];
    }
  ).datasources;
const sourceOf = (uid: string) => sourcesOf().find((source) => source.uid === uid);

/** Every text of a value. */
const textsOf = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value]
    : value !== null && typeof value === "object"
      ? Object.values(value).flatMap(textsOf)
      : [];

describe("Grafana's data sources", () => {
  it("are the backends there are, by names that panels can rely on (S0-66)", () => {
    const mtls = ["prometheus", "alertmanager", "tempo", "loki", "jaeger"];
    expect(sourcesOf().map(({ uid }) => uid)).toEqual([...mtls, "greptimedb", "greptimedb-sql"]);
    expect(sourcesOf({}).map(({ uid }) => uid)).toEqual([]);
    const { prometheus, tempo } = ALL;
    if (prometheus === undefined || tempo === undefined) throw new Error("both are above");
    expect(sourcesOf({ prometheus, tempo }).map(({ uid }) => uid)).toEqual(["prometheus", "tempo"]);
  });

  it("write every $ that Grafana must keep as $$, which it would else take for a variable", () => {
    for (const { jsonData } of sourcesOf())
      for (const text of textsOf(jsonData)) expect(text.replaceAll("$$", "")).not.toContain("$");
  });

  it("read, with $$ taken for $, as Grafana's own variables", () => {
    const unescaped = textsOf(sourcesOf().map(({ jsonData }) => jsonData)).map((text) => text.replaceAll("$$", "$"));
    expect(unescaped).toContain("${__value.raw}");
    expect(unescaped).toContain('{${__tags}} | trace_id="${__trace.traceId}"');
  });

  it("show their certificate from files, and trust the environment's authority only", () => {
    for (const { uid, url, jsonData, secureJsonData } of sourcesOf()) {
      if (uid.startsWith("greptimedb")) continue;
      expect(url).toMatch(/^https:/);
      expect(jsonData).toMatchObject({ tlsAuth: true, tlsAuthWithCACert: true });
      expect(jsonData).not.toHaveProperty("tlsSkipVerify");
      expect(jsonData["serverName"]).toBe(new URL(url).hostname);
      expect(secureJsonData).toEqual({
        tlsCACert: "$__file{tls/ca.pem}",
        tlsClientCert: "$__file{tls/cert.pem}",
        tlsClientKey: "$__file{tls/key.pem}",
      });
    }
  });

  it("reach GreptimeDB by password, whose HTTP speaks no TLS and whose SQL does", () => {
    expect(sourceOf("greptimedb")).toMatchObject({
      type: "prometheus",
      url: "http://greptimedb:4000/v1/prometheus",
      basicAuthUser: "reader",
      secureJsonData: { basicAuthPassword: "$__file{secrets/greptimedb-password}" },
    });
    expect(sourceOf("greptimedb-sql")).toMatchObject({
      type: "mysql",
      url: "greptimedb:4002",
      user: "reader",
      jsonData: { tlsAuthWithCACert: true },
      secureJsonData: { password: "$__file{secrets/greptimedb-password}", tlsCACert: "$__file{tls/ca.pem}" },
    });
    expect(workloadOf().secretFiles).toHaveProperty("greptimedb-password", "greptimedb-password");
    expect(workloadOf({}).secretFiles).not.toHaveProperty("greptimedb-password");
  });

  it("lead from an exemplar to its trace, from a trace to its lines and metrics, and back (S0-61, S0-12)", () => {
    expect(sourceOf("prometheus")?.jsonData["exemplarTraceIdDestinations"]).toMatchObject([
      { name: "trace_id", datasourceUid: "tempo" },
    ]);
    expect(sourceOf("tempo")?.jsonData).toMatchObject({
      tracesToLogsV2: { datasourceUid: "loki", customQuery: true },
      tracesToMetrics: { datasourceUid: "prometheus" },
      serviceMap: { datasourceUid: "prometheus" },
    });
    expect(sourceOf("loki")?.jsonData).toMatchObject({ derivedFields: [{ datasourceUid: "tempo" }] });
  });

  it("lead from a span to the GPUs of its host (S0-33)", () => {
    const { queries } = sourceOf("tempo")?.jsonData["tracesToMetrics"] as { queries: readonly { query: string }[] };
    expect(queries.map(({ query }) => query.replaceAll("$$", "$"))).toContain(
      'max by (gpu) (hw_temperature_celsius{hw_sensor_location="gpu", host_name="${__span.tags["host.name"]}"})',
    );
  });

  it("lead to Jaeger where it is the only store of traces", () => {
    const others = Object.fromEntries(Object.entries(ALL).filter(([uid]) => uid !== "tempo"));
    expect(findAll(sourcesOf(others), "exemplarTraceIdDestinations")).toMatchObject([[{ datasourceUid: "jaeger" }]]);
  });

  it("name no data source that is not there, whatever the environment leaves out", () => {
    expect(CHOICES).toHaveLength(64);
    for (const choice of CHOICES) {
      const uids = sourcesOf(choice).map(({ uid }) => uid);
      const named = [...findAll(sourcesOf(choice), "datasourceUid"), ...findAll(sourcesOf(choice), "alertmanagerUid")];
      for (const uid of named) expect(uids).toContain(uid);
    }
  });

  it("have one default", () => {
    expect(sourcesOf().filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });
});

describe("Grafana", () => {
  it("gets a file per dashboard, by its uid, in one folder whose content is the code's alone", () => {
    const model = { uid: "gpu-fleet", title: "GPU fleet", panels: [{ expr: "rate(a[$__rate_interval])" }] };
    const workload = workloadOf(ALL, { dashboards: [{ uid: "gpu-fleet", model }] });
    // Not a provisioning file: nothing is escaped in it.
    expect(JSON.parse(workload.files["dashboards/gpu-fleet.json"] ?? "")).toEqual(model);
    expect(readConfig(workload, "provisioning/dashboards/dashboards.yaml")).toMatchObject({
      providers: [{ folderUid: "gpu-observability", allowUiUpdates: false, options: { path: "dashboards" } }],
    });
  });

  it("offers Alertmanager's receivers to alerts written in it, their keys in files", () => {
    const workload = workloadOf(ALL, {
      receivers: [
        { kind: "slack", name: "team", channel: "#gpu", secret: "slackUrl" },
        { kind: "pagerduty", name: "on-call", secret: "pagerdutyKey" },
      ],
    });
    expect(readConfig(workload, "provisioning/alerting/contact-points.yaml")).toMatchObject({
      contactPoints: [
        {
          name: "team",
          receivers: [{ type: "slack", settings: { recipient: "#gpu", url: "$__file{secrets/slackUrl}" } }],
        },
        {
          name: "on-call",
          receivers: [{ type: "pagerduty", settings: { integrationKey: "$__file{secrets/pagerdutyKey}" } }],
        },
      ],
    });
    expect(workload.secretFiles).toMatchObject({ slackUrl: "slackUrl", pagerdutyKey: "pagerdutyKey" });
    expect(Object.keys(workload.files).filter((file) => file.includes("policies"))).toEqual([]);
  });

  it("gets no file of dashboards or contact points where it has none", () => {
    expect(Object.keys(workloadOf().files)).toEqual(["provisioning/datasources/datasources.yaml"]);
  });

  it("is told where it lies, and which paths it takes as relative to that", () => {
    const { home, env } = workloadOf();
    expect(home).toMatchObject({ program: "bin/grafana", argument: "--homepath" });
    const relative = Object.entries(env).filter(([name]) => name.startsWith("GF_PATHS_"));
    expect(relative.map(([name]) => name)).toEqual([...(home?.paths ?? [])]);
  });

  it("installs, updates and looks for no plugin by itself: its data sources stay those of its archive", () => {
    expect(workloadOf().env).toMatchObject({
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
      GF_PLUGINS_PREINSTALL_AUTO_UPDATE: "false",
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    });
  });

  it("reads the administrator's password from a file and lets nobody in without one", () => {
    const { env, secretFiles } = workloadOf();
    expect(env).toMatchObject({
      GF_SECURITY_ADMIN_PASSWORD: "$__file{secrets/grafana-admin-password}",
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_SERVER_PROTOCOL: "https",
    });
    expect(secretFiles).toMatchObject({ "grafana-admin-password": "grafana-admin-password" });
  });
});
