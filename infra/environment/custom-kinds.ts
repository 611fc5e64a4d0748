import type { Environment } from "./schema.ts";

/** A kind that no cluster has by itself: somebody installed its definition. */
export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** What the API calls a list of it: `certificates`. */
  readonly resource: string;
  /** Where its objects are made. @default the namespace of gateways and backends */
  readonly namespace?: string;
  /** Key of the environment that asks for it. */
  readonly because: string;
  /** What brings it, and how to do without. */
  readonly fix: string;
}

/** Every custom kind an environment's objects are of. Pure. */
export function customKindsOf(environment: Environment): readonly CustomKind[] {
  return [...certificateKinds(environment), ...operatorKinds(environment)];
}

function certificateKinds({ kubernetes: { ingress } }: Environment): readonly CustomKind[] {
  if (ingress === undefined || !("issuer" in ingress.tls)) return [];
  return [
    {
      group: "cert-manager.io",
      version: "v1",
      kind: "Certificate",
      resource: "certificates",
      because: "kubernetes.ingress.tls.issuer",
      fix: "install cert-manager, or name a Secret that holds the certificate: kubernetes.ingress.tls.secretName",
    },
  ];
}

function operatorKinds({ prometheus: { external } }: Environment): readonly CustomKind[] {
  if (external?.operator === undefined) return [];
  return [["PrometheusRule", "prometheusrules"] as const, ["PodMonitor", "podmonitors"] as const].map(
    ([kind, resource]) => ({
      group: "monitoring.coreos.com",
      version: "v1",
      kind,
      resource,
      because: "prometheus.external.operator",
      fix: "install the Prometheus Operator, or remove operator and load the rule files that npm run render writes",
    }),
  );
}
