import type { KubeObject } from "./api.ts";

const TEXT = { type: "string" };
const TEXTS = { type: "object", additionalProperties: TEXT };
const DURATION = { type: "string", pattern: "^(0|([0-9]+(ms|s|m|h|d|w|y))+)$" };
const KEY = { type: "object", required: ["key"], properties: { name: TEXT, key: TEXT, optional: { type: "boolean" } } };
const SECRET_OR_MAP = { type: "object", properties: { secret: KEY, configMap: KEY } };

const rule = {
  type: "object",
  required: ["expr"],
  properties: {
    alert: TEXT,
    record: TEXT,
    expr: { "x-kubernetes-int-or-string": true },
    for: DURATION,
    keep_firing_for: DURATION,
    labels: TEXTS,
    annotations: TEXTS,
  },
};

const endpoint = {
  type: "object",
  properties: {
    port: TEXT,
    scheme: { type: "string", enum: ["http", "https"] },
    path: TEXT,
    interval: DURATION,
    scrapeTimeout: DURATION,
    tlsConfig: {
      type: "object",
      properties: { ca: SECRET_OR_MAP, cert: SECRET_OR_MAP, keySecret: KEY, serverName: TEXT },
    },
  },
};

/**
 * Stands in for the Prometheus Operator: the definitions of its kinds `PrometheusRule` and `PodMonitor`, written here as
 * far as this platform uses them, so that the API server judges what it is sent. There is no controller: nobody loads
 * a rule or scrapes a pod.
 */
export const OPERATOR_DEFINITIONS: readonly KubeObject[] = [
  definitionOf("PrometheusRule", {
    type: "object",
    properties: {
      groups: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: {
          type: "object",
          required: ["name"],
          properties: { name: { ...TEXT, minLength: 1 }, interval: DURATION, rules: { type: "array", items: rule } },
        },
      },
    },
  }),
  definitionOf("PodMonitor", {
    type: "object",
    required: ["selector", "podMetricsEndpoints"],
    properties: {
      jobLabel: TEXT,
      selector: { type: "object", properties: { matchLabels: TEXTS } },
      podMetricsEndpoints: { type: "array", items: endpoint },
    },
  }),
];

function definitionOf(kind: string, spec: object): KubeObject {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: "monitoring.coreos.com",
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", required: ["spec"], properties: { spec } } },
        },
      ],
    },
  };
}
