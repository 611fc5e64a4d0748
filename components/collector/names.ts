/**
 * Component types as collector 0.145 spells them. Later versions rename most of these (0.146 to 0.158);
 * a version bump changes this table and nothing else.
 */
export const TYPES = {
  extension: {
    basicAuth: "basicauth",
    bearerToken: "bearertokenauth",
    fileStorage: "file_storage",
    health: "health_check",
  },
  receiver: { fileLog: "filelog", hostMetrics: "hostmetrics", otlp: "otlp", prometheus: "prometheus" },
  processor: {
    batch: "batch",
    deltaToCumulative: "deltatocumulative",
    filter: "filter",
    k8sAttributes: "k8sattributes",
    memoryLimiter: "memory_limiter",
    redaction: "redaction",
    resource: "resource",
    resourceDetection: "resourcedetection",
    tailSampling: "tail_sampling",
    transform: "transform",
  },
  exporter: {
    debug: "debug",
    otlpGrpc: "otlp_grpc",
    otlpHttp: "otlp_http",
    prometheus: "prometheus",
    prometheusRemoteWrite: "prometheusremotewrite",
  },
  connector: {
    count: "count",
    failover: "failover",
    forward: "forward",
    routing: "routing",
    serviceGraph: "servicegraph",
    spanMetrics: "spanmetrics",
  },
} as const;

/** A component's id: `type` or `type/name`. */
export function componentId(type: string, name?: string): string {
  return name === undefined ? type : `${type}/${name}`;
}
