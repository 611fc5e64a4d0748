import type { GoDuration, PrometheusDuration } from "../../core/units.ts";
import { MAX_EXEMPLARS, PROMOTED, renderScrape, TRANSLATION } from "../render.ts";
import type { ScrapeTarget } from "../settings.ts";

/** Folder of our rules and certificate, beside the existing `prometheus.yml`. */
const FOLDER = "gpu-observability";

/** What the configuration of an existing Prometheus must say for our rules and panels to find what they ask for. */
export interface RequirementSettings {
  readonly outOfOrderWindow: PrometheusDuration;
  readonly scrapeInterval: GoDuration;
  /** Names of the rule files. */
  readonly rules: readonly string[];
  readonly targets: readonly ScrapeTarget[];
}

/** The parts of `prometheus.yml` to take over. */
export function renderRequirements({ outOfOrderWindow, scrapeInterval, rules, targets }: RequirementSettings): object {
  const tls = {
    caFile: `${FOLDER}/ca.pem`,
    certFile: `${FOLDER}/cert.pem`,
    keyFile: `${FOLDER}/key.pem`,
  };
  return {
    otlp: { translation_strategy: TRANSLATION, promote_resource_attributes: PROMOTED },
    storage: {
      tsdb: { out_of_order_time_window: outOfOrderWindow },
      exemplars: { max_exemplars: MAX_EXEMPLARS },
    },
    rule_files: rules.map((path) => `${FOLDER}/${path}`),
    scrape_configs: targets.map((target) => ({
      ...renderScrape(target, tls),
      scrape_interval: scrapeInterval,
      scrape_timeout: scrapeInterval,
    })),
  };
}

/** The same as fields of the operator's own object. */
export function renderOperatorRequirements({
  outOfOrderWindow,
}: Pick<RequirementSettings, "outOfOrderWindow">): object {
  return {
    enableOTLPReceiver: true,
    otlp: { translationStrategy: TRANSLATION, promoteResourceAttributes: PROMOTED },
    enableRemoteWriteReceiver: true,
    tsdb: { outOfOrderTimeWindow: outOfOrderWindow },
    enableFeatures: ["exemplar-storage"],
    exemplars: { maxSize: MAX_EXEMPLARS },
  };
}
