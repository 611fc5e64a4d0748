import { describe, expect, it } from "vitest";
import type { PrometheusSettings } from "../../../components/prometheus/settings.ts";
import { prometheusWorkload } from "../../../components/prometheus/workload.ts";
import { CONTAINER_PATHS } from "../../../components/runtime/workload.ts";
import { placementOf, readConfig, valuesOf } from "./fixture.ts";

const at = (host: string, port: number) => ({ host, port });

function settings(changes: Partial<PrometheusSettings> = {}): PrometheusSettings {
  return {
    placement: placementOf("prometheus-a", { http: 9090 }),
    environment: "production",
    ingestion: "otlp",
    retention: "15d",
    outOfOrderWindow: "10m",
    scrapeInterval: "15s",
    evaluationInterval: "15s",
    alertmanagers: [at("alertmanager-a", 9093), at("alertmanager-b", 9093)],
    targets: [
      { job: "gateway", scheme: "http", addresses: [at("gateway-a", 8889), at("gateway-b", 8889)] },
      { job: "loki", scheme: "https", addresses: [at("loki", 3100)] },
    ],
    rules: { "rules/gpu.yml": { groups: [{ name: "gpu", rules: [{ record: "one", expr: "1" }] }] } },
    ...changes,
  };
}

const configOf = (changes?: Partial<PrometheusSettings>) =>
  readConfig(prometheusWorkload(settings(changes)), "prometheus.yml") as Record<string, unknown>;

describe("Prometheus", () => {
  it.each(["otlp", "remoteWrite", "scrape"] as const)("keeps exemplars with ingestion %s (S0-61)", (ingestion) => {
    expect(prometheusWorkload(settings({ ingestion })).args).toContain("--enable-feature=exemplar-storage");
    expect(configOf({ ingestion })).toHaveProperty("storage.exemplars.max_exemplars");
  });

  it.each([
    ["otlp", ["--web.enable-otlp-receiver"]],
    ["remoteWrite", ["--web.enable-remote-write-receiver"]],
    ["scrape", []],
  ] as const)("opens with ingestion %s only the receiver it needs (S0-27, S0-34)", (ingestion, flags) => {
    const { args } = prometheusWorkload(settings({ ingestion }));
    expect(args.filter((arg) => arg.startsWith("--web.enable"))).toEqual(flags);
  });

  it("takes samples that two gateways deliver out of order", () => {
    expect(configOf({ outOfOrderWindow: "30m" })).toHaveProperty("storage.tsdb.out_of_order_time_window", "30m");
  });

  it("keeps data for the time it was told (C-39)", () => {
    expect(valuesOf(prometheusWorkload(settings({ retention: "90d" })), "--storage.tsdb.retention.time")).toEqual([
      "90d",
    ]);
  });

  it("names its replica on its series, and takes the name off its alerts so that two replicas send one alert", () => {
    const config = configOf();
    expect(config).toHaveProperty("global.external_labels", { environment: "production", replica: "prometheus-a" });
    expect(config).toHaveProperty("alerting.alert_relabel_configs", [{ regex: "replica", action: "labeldrop" }]);
  });

  it("differs from its other replica in its name only", () => {
    const of = (name: string) => JSON.stringify(configOf({ placement: placementOf(name, { http: 9090 }) }));
    expect(of("prometheus-b").replaceAll("prometheus-b", "prometheus-a")).toBe(of("prometheus-a"));
  });

  it("tells every Alertmanager itself, over mutual TLS", () => {
    expect(configOf()).toHaveProperty("alerting.alertmanagers", [
      {
        scheme: "https",
        api_version: "v2",
        tls_config: {
          ca_file: "tls/ca.pem",
          cert_file: "tls/cert.pem",
          key_file: "tls/key.pem",
          min_version: "TLS12",
        },
        static_configs: [{ targets: ["alertmanager-a:9093", "alertmanager-b:9093"] }],
      },
    ]);
  });

  it("shows its certificate to targets with TLS, and scrapes each replica by its own address", () => {
    const [gateway, loki] = configOf()["scrape_configs"] as readonly object[];
    expect(gateway).toMatchObject({
      scheme: "http",
      static_configs: [{ targets: ["gateway-a:8889", "gateway-b:8889"] }],
    });
    expect(gateway).not.toHaveProperty("tls_config");
    expect(loki).toMatchObject({ scheme: "https", tls_config: { cert_file: "tls/cert.pem", min_version: "TLS12" } });
  });

  it("spells names as rules and panels do (C-26)", () => {
    expect(configOf()).toHaveProperty("otlp.translation_strategy", "UnderscoreEscapingWithSuffixes");
    const promoted = (configOf()["otlp"] as { promote_resource_attributes: readonly string[] })
      .promote_resource_attributes;
    expect(promoted).toEqual(expect.arrayContaining(["host.name", "service.name", "deployment.environment.name"]));
    // Identifiers must not become labels of every series (C-27).
    expect(promoted.filter((name) => /pet|user|pipeline|process\.pid/.test(name))).toEqual([]);
  });

  it("asks every client for a certificate of TLS 1.2 or newer", () => {
    expect(readConfig(prometheusWorkload(settings()), "web-config.yml")).toEqual({
      tls_server_config: {
        cert_file: "tls/cert.pem",
        key_file: "tls/key.pem",
        client_ca_file: "tls/ca.pem",
        client_auth_type: "RequireAndVerifyClientCert",
        min_version: "TLS12",
      },
    });
  });

  it("finds its files in a container, too", () => {
    const workload = prometheusWorkload(settings({ placement: placementOf("p", { http: 9090 }, CONTAINER_PATHS) }));
    expect(valuesOf(workload, "--config.file")).toEqual([`${CONTAINER_PATHS.config}/prometheus.yml`]);
    expect(valuesOf(workload, "--storage.tsdb.path")).toEqual([`${CONTAINER_PATHS.data}/tsdb`]);
    expect(readConfig(workload, "prometheus.yml")).toHaveProperty("rule_files", [
      `${CONTAINER_PATHS.config}/rules/gpu.yml`,
    ]);
  });
});
