import { toAddress } from "../core/endpoint.ts";
import { tlsFiles, within } from "../runtime/workload.ts";
import type { PrometheusSettings, ScrapeTarget } from "./settings.ts";

/** Resource attributes that become labels of every series; the others are joined through `target_info`. */
const PROMOTED = [
  "service.name",
  "service.namespace",
  "service.instance.id",
  "service.version",
  "deployment.environment.name",
  "host.name",
  "k8s.cluster.name",
  "k8s.namespace.name",
  "k8s.node.name",
  "k8s.pod.name",
] as const;

/** `prometheus.yml`. */
export function renderPrometheus(settings: PrometheusSettings): object {
  const { placement, environment, scrapeInterval, outOfOrderWindow, targets, rules, evaluationInterval } = settings;
  return {
    global: {
      scrape_interval: scrapeInterval,
      scrape_timeout: scrapeInterval,
      evaluation_interval: evaluationInterval,
      // Collectors name attributes with dots; pushed and scraped series must spell a label the same way.
      metric_name_validation_scheme: "legacy",
      metric_name_escaping_scheme: "underscores",
      external_labels: { environment, replica: replicaName(placement) },
    },
    rule_files: Object.keys(rules).map((path) => within(placement.paths.config, path)),
    alerting: renderAlerting(settings),
    storage: { tsdb: { out_of_order_time_window: outOfOrderWindow }, exemplars: { max_exemplars: 100_000 } },
    otlp: {
      // Names as every rule and panel spells them (C-26).
      translation_strategy: "UnderscoreEscapingWithSuffixes",
      promote_resource_attributes: PROMOTED,
    },
    scrape_configs: targets.map((target) => renderScrape(target, settings)),
  };
}

/** Prometheus fills in variables in external labels, and nowhere else. */
function replicaName({ name, nameVariable }: PrometheusSettings["placement"]): string {
  return nameVariable === undefined ? name : `\${${nameVariable}}`;
}

function renderAlerting({ placement, alertmanagers }: PrometheusSettings): object {
  return {
    // Alerts of both replicas must be equal, or Alertmanager sends each twice.
    alert_relabel_configs: [{ regex: "replica", action: "labeldrop" }],
    alertmanagers: [
      {
        scheme: "https",
        api_version: "v2",
        tls_config: clientTls(placement),
        static_configs: [{ targets: alertmanagers.map(toAddress) }],
      },
    ],
  };
}

function renderScrape(
  { job, addresses, service, scheme, path = "/metrics" }: ScrapeTarget,
  { placement }: PrometheusSettings,
): object {
  return {
    job_name: job,
    scheme,
    metrics_path: path,
    ...(scheme === "https" ? { tls_config: clientTls(placement) } : {}),
    ...(service === undefined
      ? { static_configs: [{ targets: addresses.map(toAddress) }] }
      : { dns_sd_configs: [{ names: [service], type: "SRV", refresh_interval: "30s" }] }),
  };
}

function clientTls({ paths }: PrometheusSettings["placement"]): object {
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  return { ca_file: caFile, cert_file: certFile, key_file: keyFile, min_version: "TLS12" };
}
