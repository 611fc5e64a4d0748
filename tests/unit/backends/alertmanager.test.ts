import { describe, expect, it } from "vitest";
import { EXPLANATIONS, type Inhibition } from "../../../components/alertmanager/inhibitions.ts";
import type { Route } from "../../../components/alertmanager/routes.ts";
import type { AlertmanagerSettings, AlertReceiver } from "../../../components/alertmanager/settings.ts";
import { alertmanagerWorkload } from "../../../components/alertmanager/workload.ts";
import { ALERTS } from "../../rules/environment.ts";
import { findAll, placementOf, readConfig, valuesOf } from "./fixture.ts";

const RECEIVERS: readonly AlertReceiver[] = [
  { kind: "webhook", name: "on-call", secret: "alertWebhookUrl" },
  { kind: "slack", name: "team", channel: "#gpu", secret: "slackUrl" },
  { kind: "pagerduty", name: "pager", secret: "pagerdutyKey" },
  { kind: "teams", name: "office", secret: "teamsUrl" },
  {
    kind: "email",
    name: "post",
    to: ["a@example.org", "b@example.org"],
    from: "alerts@example.org",
    smarthost: "smtp.example.org:587",
    user: "alerts",
    secret: "smtpPassword",
  },
];

function settings(changes: Partial<AlertmanagerSettings> = {}): AlertmanagerSettings {
  return {
    placement: placementOf("alertmanager-a", { http: 9093, cluster: 9094 }),
    peers: [
      { host: "alertmanager-b", port: 9094 },
      { host: "alertmanager-c", port: 9094 },
    ],
    receivers: RECEIVERS,
    ...changes,
  };
}

interface Config {
  readonly route: Route;
  readonly receivers: readonly { readonly name: string }[];
  readonly inhibit_rules: readonly Inhibition[];
}

const configOf = (changes?: Partial<AlertmanagerSettings>) =>
  readConfig(alertmanagerWorkload(settings(changes)), "alertmanager.yml") as Config;

describe("Alertmanager", () => {
  it("joins every other replica, and itself no more than once", () => {
    expect(valuesOf(alertmanagerWorkload(settings()), "--cluster.peer")).toEqual([
      "alertmanager-b:9094",
      "alertmanager-c:9094",
    ]);
    expect(valuesOf(alertmanagerWorkload(settings({ peers: [] })), "--cluster.peer")).toEqual([]);
  });

  it("gossips over mutual TLS", () => {
    const workload = alertmanagerWorkload(settings());
    expect(valuesOf(workload, "--cluster.tls-config")).toEqual(["cluster-tls.yml"]);
    expect(readConfig(workload, "cluster-tls.yml")).toEqual({
      tls_server_config: {
        cert_file: "tls/cert.pem",
        key_file: "tls/key.pem",
        client_auth_type: "RequireAndVerifyClientCert",
        client_ca_file: "tls/ca.pem",
      },
      tls_client_config: {
        cert_file: "tls/cert.pem",
        key_file: "tls/key.pem",
        ca_file: "tls/ca.pem",
        server_name: "alertmanager",
      },
    });
    // Peers are dialled by address: the name they are checked for must be in every certificate.
    expect(workload.certificate?.dnsNames).toContain("alertmanager");
    expect(readConfig(workload, "web-config.yml")).toMatchObject({
      tls_server_config: { client_auth_type: "RequireAndVerifyClientCert", min_version: "TLS12" },
    });
  });

  it("reads each receiver's secret from a file, and asks for that file", () => {
    const workload = alertmanagerWorkload(settings());
    const config = configOf();
    expect(findAll(config, "url_file")).toEqual(["secrets/alertWebhookUrl"]);
    expect(findAll(config, "api_url_file")).toEqual(["secrets/slackUrl"]);
    expect(findAll(config, "routing_key_file")).toEqual(["secrets/pagerdutyKey"]);
    expect(findAll(config, "webhook_url_file")).toEqual(["secrets/teamsUrl"]);
    expect(findAll(config, "auth_password_file")).toEqual(["secrets/smtpPassword"]);
    for (const key of ["url", "api_url", "routing_key", "service_key", "webhook_url", "auth_password"])
      expect(findAll(config, key)).toEqual([]);
    expect(workload.secretFiles).toEqual({
      alertWebhookUrl: "alertWebhookUrl",
      slackUrl: "slackUrl",
      pagerdutyKey: "pagerdutyKey",
      teamsUrl: "teamsUrl",
      smtpPassword: "smtpPassword",
    });
    expect(workload.env).toEqual({});
  });

  it("sends mail with TLS alone", () => {
    const [[email] = []] = findAll(configOf(), "email_configs") as object[][];
    expect(email).toMatchObject({ require_tls: true, to: "a@example.org, b@example.org", send_resolved: true });
  });

  it("tells every receiver when something is over, whatever its kind does by itself", () => {
    expect(findAll(configOf(), "send_resolved")).toEqual(RECEIVERS.map(() => true));
  });

  it("tells the dead man's switch of Watchdog, often, and never that it is over", () => {
    const config = configOf({ deadManSwitch: { secret: "switchUrl", every: "2m" } });
    const [watchdog] = config.route.routes ?? [];
    expect(watchdog).toMatchObject({ receiver: "dead-man-switch", group_wait: "0s", repeat_interval: "2m" });
    expect(watchdog?.continue).toBeUndefined();
    expect(config.receivers).toContainEqual({
      name: "dead-man-switch",
      webhook_configs: [{ url_file: "secrets/switchUrl", send_resolved: false }],
    });
  });

  it("waits as long as the environment says, by severity", () => {
    const config = configOf({ intervals: { critical: { groupWait: "1s" } } });
    const waits = (config.route.routes ?? [])
      .slice(1)
      .map(({ group_wait, repeat_interval }) => [group_wait, repeat_interval]);
    expect(waits).toEqual([
      ["1s", "1h"],
      ["30s", "12h"],
      ["1m", "1d"],
    ]);
  });

  it.each([
    ["none", []],
    ["one", RECEIVERS.slice(0, 1)],
    ["all", RECEIVERS],
  ])("routes only to receivers it defines, with %s", (_, receivers) => {
    const { route, receivers: defined } = configOf({ receivers });
    const names = defined.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const receiver of findAll(route, "receiver")) expect(names).toContain(receiver);
  });

  it("notifies nobody where there is no receiver", () => {
    expect(configOf({ receivers: [] }).receivers).toEqual([{ name: "alertmanager-page" }]);
    expect(alertmanagerWorkload(settings({ receivers: [] })).secretFiles).toEqual({});
  });

  it("asks on both sides for labels that the two must share, so that nothing is held back everywhere", () => {
    const [sameAlert, ...rules] = configOf().inhibit_rules;
    expect(sameAlert?.source_matchers).toContain('alertname=~".+"');
    expect(rules).toHaveLength(EXPLANATIONS.length);
    for (const { source_matchers, target_matchers, equal } of rules) {
      const asked = equal.map((label) => `${label}=~".+"`);
      expect(source_matchers).toEqual(expect.arrayContaining(asked));
      expect(target_matchers).toEqual(expect.arrayContaining(asked));
    }
  });

  it.each(EXPLANATIONS.map((each) => [each.alerts.join(" and "), each] as const))(
    "knows %s, and what it explains, as alerts",
    (_, each) => {
      const names = ALERTS.map(({ name }) => name);
      expect([...each.alerts, ...(each.explains ?? [])].filter((name) => !names.includes(name))).toEqual([]);
    },
  );

  it("names itself in messages as its clients know it", () => {
    expect(valuesOf(alertmanagerWorkload(settings()), "--web.external-url")).toEqual([
      "https://alertmanager-a.internal:9093",
    ]);
  });
});
