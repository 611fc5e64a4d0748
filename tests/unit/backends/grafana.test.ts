import { describe, expect, it } from "vitest";
import type { GrafanaSources } from "../../../components/grafana/settings.ts";
import { grafanaWorkload } from "../../../components/grafana/workload.ts";
import { findAll, placementOf, readConfig } from "./fixture.ts";

const at = (host: string, port: number) => ({ host, port });
const ALL: GrafanaSources = {
  prometheus: at("prometheus-a", 9090),
  alertmanager: at("alertmanager-a", 9093),
  tempo: at("tempo", 3200),
  loki: at("loki", 3100),
  jaeger: at("jaeger", 16686),
};

interface Source {
  readonly uid: string;
  readonly url: string;
  readonly isDefault: boolean;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly secureJsonData: Readonly<Record<string, string>>;
}

const workloadOf = (sources: GrafanaSources = ALL) =>
  grafanaWorkload({ placement: placementOf("grafana", { http: 3000 }), sources });
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
    expect(sourcesOf().map(({ uid }) => uid)).toEqual(["prometheus", "alertmanager", "tempo", "loki", "jaeger"]);
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
    for (const { url, jsonData, secureJsonData } of sourcesOf()) {
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

  it("lead from an exemplar to its trace, from a trace to its lines and back (S0-61, S0-12)", () => {
    expect(sourceOf("prometheus")?.jsonData["exemplarTraceIdDestinations"]).toEqual([
      { name: "trace_id", datasourceUid: "tempo" },
    ]);
    expect(sourceOf("tempo")?.jsonData).toMatchObject({ tracesToLogsV2: { datasourceUid: "loki", customQuery: true } });
    expect(sourceOf("loki")?.jsonData).toMatchObject({ derivedFields: [{ datasourceUid: "tempo" }] });
  });

  it("name no data source that is not there, with every backend", () => {
    const uids = sourcesOf().map(({ uid }) => uid);
    for (const uid of findAll(sourcesOf(), "datasourceUid")) expect(uids).toContain(uid);
  });

  it("have one default", () => {
    expect(sourcesOf().filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });
});

describe("Grafana", () => {
  it("reads the administrator's password from a file and lets nobody in without one", () => {
    const { env, secretFiles } = workloadOf();
    expect(env).toMatchObject({
      GF_SECURITY_ADMIN_PASSWORD: "$__file{secrets/grafana-admin-password}",
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_SERVER_PROTOCOL: "https",
    });
    expect(secretFiles).toEqual({ "grafana-admin-password": "grafana-admin-password" });
  });
});
