import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { GrafanaContentSettings } from "../../components/grafana/settings.ts";
import { planGrafanaContent } from "../../components/grafana/content.ts";
import { grafanaWorkload } from "../../components/grafana/workload.ts";
import { placementOf } from "../unit/backends/fixture.ts";

const created: pulumi.runtime.MockResourceArgs[] = [];
const KEY = "private key of the client";
const TOKEN = "token of an administrator";
const PASSWORD = "password of GreptimeDB";
const HOOK = "https://hook.example.org/key";
/** The engine's wire format of a secret. */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      created.push(args);
      const url = `https://grafana.example.org/${args.name}`;
      return { id: args.name, state: { ...args.inputs, url, key: "token of a reader" } };
    },
    call: ({ inputs }) => inputs,
  });
});
beforeEach(() => {
  created.length = 0;
});

const at = (host: string, port: number) => ({ host, port });
const SETTINGS: GrafanaContentSettings = {
  sources: {
    prometheus: at("prometheus-a", 9090),
    tempo: at("tempo", 3200),
    loki: at("loki", 3100),
    greptimedb: { http: at("greptimedb", 4000), mysql: at("greptimedb", 4002), user: "reader" },
  },
  dashboards: [
    { uid: "gpu-fleet", model: { uid: "gpu-fleet", panels: [{ expr: "rate(a[$__rate_interval])" }] } },
    { uid: "sla", model: { uid: "sla" } },
  ],
  receivers: [
    { kind: "webhook", name: "hook", secret: "hookUrl" },
    { kind: "teams", name: "office", secret: "hookUrl" },
    { kind: "slack", name: "team", channel: "#gpu", secret: "hookUrl" },
    { kind: "pagerduty", name: "on-call", secret: "hookUrl" },
  ],
};

/** Imported late: the mocks must be in place before any component is loaded. */
async function build(secrets: Record<string, string> = { "greptimedb-password": PASSWORD, hookUrl: HOOK }) {
  const { ExternalGrafana } = await import("../../components/grafana/external-grafana.ts");
  const grafana = new ExternalGrafana("external", {
    url: "https://grafana.example.org",
    token: TOKEN,
    content: planGrafanaContent(SETTINGS),
    certificate: { certPem: "certificate", keyPem: pulumi.secret(KEY), caPem: "authority" },
    secrets,
  });
  const addresses = pulumi.all(grafana.dashboards);
  return { grafana, addresses: await new Promise<Record<string, string>>((done) => addresses.apply(done)) };
}

const inputsOf = (name: string) => {
  const found = created.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${name}: ${created.map((resource) => resource.name).join(", ")}`);
  return found.inputs as Record<string, unknown>;
};
const secretText = (value: unknown): unknown => {
  expect(Object.values(value as object)).toContain(SECRET);
  return (value as { value: unknown }).value;
};

describe("a Grafana somebody else runs", () => {
  it("gets a resource for everything it is to hold, by a name that stays", async () => {
    await build();
    expect(created.map(({ name }) => name).toSorted()).toEqual([
      "external",
      "external-contact-hook",
      "external-contact-office",
      "external-contact-on-call",
      "external-contact-team",
      "external-dashboard-gpu-fleet",
      "external-dashboard-sla",
      "external-folder",
      "external-provider",
      "external-service-account",
      "external-service-account-token",
      "external-source-greptimedb",
      "external-source-greptimedb-sql",
      "external-source-loki",
      "external-source-prometheus",
      "external-source-tempo",
    ]);
  });

  it("keeps the notification policies it has", async () => {
    await build();
    expect(created.filter(({ type }) => type.includes("NotificationPolicy"))).toEqual([]);
  });

  it("is told the same data sources as the environment's own, whose file spells $ as $$", async () => {
    await build();
    const workload = grafanaWorkload({ ...SETTINGS, placement: placementOf("grafana", { http: 3000 }) });
    const text = workload.files["provisioning/datasources/datasources.yaml"]?.replaceAll("$$", "$") ?? "";
    const { datasources } = parse(text) as { datasources: Record<string, unknown>[] };
    for (const { uid, type, url, isDefault, jsonData } of datasources) {
      const inputs = inputsOf(`external-source-${String(uid)}`);
      expect(inputs).toMatchObject({ uid, name: uid, type, url, isDefault });
      expect(JSON.parse(String(inputs["jsonDataEncoded"]))).toEqual(jsonData);
    }
  });

  it("is told the same dashboards, in the same folder", async () => {
    const { addresses } = await build();
    const workload = grafanaWorkload({ ...SETTINGS, placement: placementOf("grafana", { http: 3000 }) });
    for (const uid of ["gpu-fleet", "sla"]) {
      const inputs = inputsOf(`external-dashboard-${uid}`);
      expect(inputs).toMatchObject({ folder: "gpu-observability", overwrite: true });
      expect(JSON.parse(String(inputs["configJson"]))).toEqual(
        JSON.parse(workload.files[`dashboards/${uid}.json`] ?? ""),
      );
      expect(addresses[uid]).toContain(uid);
    }
  });

  it("gets its token, keys and passwords as secrets of the stack and nowhere else", async () => {
    const { grafana } = await build();
    expect(secretText(inputsOf("external-provider")["auth"])).toBe(TOKEN);
    const secure = (uid: string) =>
      JSON.parse(String(secretText(inputsOf(`external-source-${uid}`)["secureJsonDataEncoded"])));
    expect(secure("tempo")).toEqual({ tlsCACert: "authority", tlsClientCert: "certificate", tlsClientKey: KEY });
    expect(secure("greptimedb")).toEqual({ basicAuthPassword: PASSWORD });
    const open = JSON.stringify(created, (_key, value: unknown) =>
      value !== null && typeof value === "object" && Object.values(value).includes(SECRET) ? "secret" : value,
    );
    for (const hidden of [KEY, TOKEN, PASSWORD, HOOK]) expect(open).not.toContain(hidden);
    expect(await pulumi.isSecret(grafana.readerToken)).toBe(true);
  });

  it("reaches each kind of contact point the way that kind is reached", async () => {
    await build();
    const point = (name: string) => JSON.stringify(inputsOf(`external-contact-${name}`));
    expect(point("hook")).toMatch(/"webhooks":.*"url":/);
    expect(point("office")).toMatch(/"teams":.*"url":/);
    expect(point("team")).toMatch(/"slacks":.*"recipient":"#gpu"/);
    expect(point("on-call")).toMatch(/"pagerduties":.*"integrationKey":/);
  });

  it("gets a service account that may look and nothing else", async () => {
    await build();
    expect(inputsOf("external-service-account")).toMatchObject({ role: "Viewer" });
    expect(inputsOf("external-service-account-token")).toMatchObject({ serviceAccountId: "external-service-account" });
  });

  it("rejects content that names a secret there is none of", async () => {
    await expect(build({ hookUrl: HOOK })).rejects.toThrow(/secret greptimedb-password\n.*a value/);
  });
});
