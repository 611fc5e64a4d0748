import { COMMON_LABELS, serviceSelector } from "../../runtime/kubernetes/labels.ts";
import type { PodMonitor, PrometheusRule } from "../../runtime/kubernetes/types.ts";
import { toPortable } from "./rules.ts";
import type { MonitoredPart, OperatorSettings } from "./settings.ts";

const API_VERSION = "monitoring.coreos.com/v1";
/** In front of the name of every object, which its owners see among others. */
const PREFIX = "gpu-observability";

/** Secret with the certificate the Prometheus shows our parts; the operator hands it to no other namespace. */
export const CLIENT_SECRET = "external-prometheus-certificate";

/** Every object the Prometheus Operator reads: one PrometheusRule an area, one PodMonitor a part. Pure. */
export function renderOperatorObjects(settings: OperatorSettings): readonly (PrometheusRule | PodMonitor)[] {
  const rules = Object.entries(settings.rules).map(([path, file]): PrometheusRule => ({
    apiVersion: API_VERSION,
    kind: "PrometheusRule",
    metadata: metadataOf(areaOf(path), settings, settings.ruleLabels),
    spec: toPortable(file, settings),
  }));
  return [...rules, ...settings.parts.map((part) => renderPodMonitor(part, settings))];
}

function renderPodMonitor(part: MonitoredPart, settings: OperatorSettings): PodMonitor {
  const { job, port, scheme, serverName } = part;
  const key = (name: string) => ({ name: CLIENT_SECRET, key: name });
  const tlsConfig = {
    ca: { secret: key("ca.pem") },
    cert: { secret: key("cert.pem") },
    keySecret: key("key.pem"),
    serverName,
  };
  return {
    apiVersion: API_VERSION,
    kind: "PodMonitor",
    metadata: metadataOf(job, settings, settings.monitorLabels),
    spec: {
      // The rules know the parts by their job.
      jobLabel: "app.kubernetes.io/name",
      selector: { matchLabels: serviceSelector(job) },
      podMetricsEndpoints: [
        {
          port,
          scheme,
          path: "/metrics",
          interval: settings.scrapeInterval,
          scrapeTimeout: settings.scrapeInterval,
          ...(scheme === "https" ? { tlsConfig } : {}),
        },
      ],
    },
  };
}

function metadataOf(
  name: string,
  { namespace }: OperatorSettings,
  labels: Readonly<Record<string, string>>,
): { name: string; namespace: string; labels: Record<string, string> } {
  return { name: `${PREFIX}-${name}`, namespace, labels: { ...COMMON_LABELS, ...labels } };
}

/** `service-levels` of `rules/serviceLevels.yml`: a name of Kubernetes has no capitals. */
function areaOf(path: string): string {
  const area = path.replace(/^.*\//, "").replace(/\.yml$/, "");
  return area.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}
