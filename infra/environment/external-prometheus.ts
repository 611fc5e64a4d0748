import { z } from "zod";
import { authority, endpoint, user } from "./external-access.ts";
import { secretName } from "./values.ts";

const labels = z.record(z.string(), z.string()).default({ release: "kube-prometheus-stack" });

const operator = z.strictObject({
  ruleLabels: labels.meta({ description: "Labels its `ruleSelector` asks of a PrometheusRule." }),
  monitorLabels: labels.meta({ description: "Labels its `podMonitorSelector` asks of a PodMonitor." }),
});

/** A Prometheus that is there already, or what speaks its API. */
export const externalPrometheus = z.strictObject({
  url: endpoint.meta({ description: "Where it is asked. Of Mimir: the address that ends in `/prometheus`." }),
  writeUrls: z.array(endpoint).min(1).optional().meta({
    description:
      "Where gateways write, each copy that keeps data of its own. Default: `/api/v1/otlp` or `/api/v1/write` of `url`, as `metrics.path` says. Of Mimir: the address that ends in `/otlp` or `/api/v1/push`.",
  }),
  user,
  password: secretName.optional(),
  token: secretName.optional().meta({ description: "Name of the stack's secret that holds a bearer token." }),
  tenant: z.string().min(1).optional().meta({ description: "Sent as X-Scope-OrgID, which Mimir asks for." }),
  authority,
  namespace: z.string().min(1).max(63).optional().meta({
    description:
      "Its namespace, where it runs in the same cluster, which alone may then reach the metrics of gateways and backends. Default: `monitoring` with `operator`, else none.",
  }),
  podLabels: z.record(z.string(), z.string()).optional().meta({
    description:
      "Labels of its pods in that namespace, which alone are let in. Default: `app.kubernetes.io/name: prometheus` with `operator` (an agent of the operator's: `prometheus-agent`), else every pod of the namespace.",
  }),
  operator: operator.optional().meta({
    description:
      "It is run by the Prometheus Operator in the same cluster: rules and scrapes become PrometheusRule and PodMonitor objects. Default: `npm run render` writes rule files and scrapes, to be loaded by hand.",
  }),
});

export type ExternalPrometheusDescription = z.infer<typeof externalPrometheus>;
