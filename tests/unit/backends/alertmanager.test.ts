import { describe, expect, it } from "vitest";
import type { AlertmanagerSettings, AlertReceiver } from "../../../components/alertmanager/settings.ts";
import { alertmanagerWorkload } from "../../../components/alertmanager/workload.ts";
import { findAll, placementOf, readConfig, valuesOf } from "./fixture.ts";

const RECEIVERS: readonly AlertReceiver[] = [
  { kind: "webhook", name: "on-call", secret: "alertWebhookUrl" },
  { kind: "slack", name: "team", channel: "#gpu", secret: "slackUrl" },
  { kind: "pagerduty", name: "pager", secret: "pagerdutyKey" },
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

interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  readonly routes?: readonly Route[];
}
interface Config {
  readonly route: Route;
  readonly receivers: readonly { readonly name: string }[];
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
      tls_client_config: { cert_file: "tls/cert.pem", key_file: "tls/key.pem", ca_file: "tls/ca.pem" },
    });
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
    for (const key of ["url", "api_url", "routing_key", "service_key"]) expect(findAll(config, key)).toEqual([]);
    expect(workload.secretFiles).toEqual({
      alertWebhookUrl: "alertWebhookUrl",
      slackUrl: "slackUrl",
      pagerdutyKey: "pagerdutyKey",
    });
    expect(workload.env).toEqual({});
  });

  it("tells every receiver of critical and warning alerts", () => {
    const { route, receivers } = configOf();
    const severe = (route.routes ?? []).filter(({ matchers }) => matchers?.join().includes("severity"));
    expect(severe.map(({ receiver }) => receiver)).toEqual(receivers.map(({ name }) => name));
    for (const each of severe)
      expect(each).toMatchObject({ matchers: ['severity=~"critical|warning"'], continue: true });
  });

  it("tells one receiver, often, that alerting works", () => {
    const [watchdog] = configOf().route.routes ?? [];
    expect(watchdog).toMatchObject({ matchers: ['alertname="Watchdog"'], receiver: "on-call", repeat_interval: "5m" });
    expect(watchdog?.continue).toBeUndefined();
  });

  it.each([
    ["none", []],
    ["one", RECEIVERS.slice(0, 1)],
    ["three", RECEIVERS],
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

  it("holds back a warning only while the same alert of the same host is critical", () => {
    expect(configOf()).toHaveProperty("inhibit_rules", [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ["alertname", "host_name"],
      },
    ]);
  });
});
