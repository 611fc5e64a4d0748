import { toAddress } from "../core/endpoint.ts";
import { type TlsFiles, tlsFiles, within } from "../runtime/workload.ts";
import type { PrometheusSettings, ScrapeTarget } from "./settings.ts";

/** Resource attributes that become labels of every series; the others are joined through `target_info`. */
export const PROMOTED = [
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

/** Names as every rule and panel spells them (C-26). */
export const TRANSLATION = "UnderscoreEscapingWithSuffixes";

/** Links from a histogram's points to traces that are kept at once (C-36). */
export const MAX_EXEMPLARS = 100_000;

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
    storage: { tsdb: { out_of_order_time_window: outOfOrderWindow }, exemplars: { max_exemplars: MAX_EXEMPLARS } },
    otlp: {
      translation_strategy: TRANSLATION,
      promote_resource_attributes: PROMOTED,
    },
    scrape_configs: targets.map((target) => renderScrape(target, tlsFiles(placement.paths))),
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
        tls_config: clientTls(tlsFiles(placement.paths)),
        static_configs: [{ targets: alertmanagers.map(toAddress) }],
      },
    ],
  };
}

/** One entry of `scrape_configs`. */
export function renderScrape(
  { job, addresses, service, scheme, path = "/metrics" }: ScrapeTarget,
  tls: TlsFiles,
): object {
  return {
    job_name: job,
    scheme,
    metrics_path: path,
    ...(scheme === "https" ? { tls_config: clientTls(tls) } : {}),
    ...(service === undefined
      ? { static_configs: [{ targets: addresses.map(toAddress) }] }
      : { dns_sd_configs: [{ names: [service], type: "SRV", refresh_interval: "30s" }] }),
  };
}

function clientTls({ caFile, certFile, keyFile }: TlsFiles): object {
  return { ca_file: caFile, cert_file: certFile, key_file: keyFile, min_version: "TLS12" };
}
