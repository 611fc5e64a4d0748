import type { Problem } from "../../components/core/errors.ts";
import { outsideAddresses, toHostAndPort } from "./outside-addresses.ts";
import type { Environment } from "./schema.ts";

/** Programs that run on Kubernetes, by service: who has a service account, and what has an image. */
export const KUBERNETES_PROGRAMS: Readonly<Record<string, string>> = {
  agent: "otelcol",
  alertmanager: "alertmanager",
  "dcgm-exporter": "dcgm-exporter",
  gateway: "otelcol",
  grafana: "grafana",
  greptimedb: "greptimedb",
  jaeger: "jaeger",
  loki: "loki",
  "node-exporter": "node_exporter",
  prometheus: "prometheus",
  tempo: "tempo",
};

/** Rules between `kubernetes` and the rest. */
export function findKubernetesProblems(environment: Environment, at: (path: string) => string): readonly Problem[] {
  const { images, serviceAccountAnnotations } = environment.kubernetes;
  return [
    ...ingressProblems(environment, at),
    ...portsOfNobody(environment, at),
    ...unknownKeys(Object.keys(images), Object.values(KUBERNETES_PROGRAMS), "program", (key) =>
      at(`kubernetes.images.${key}`),
    ),
    ...unknownKeys(Object.keys(serviceAccountAnnotations), Object.keys(KUBERNETES_PROGRAMS), "service", (key) =>
      at(`kubernetes.serviceAccountAnnotations.${key}`),
    ),
  ];
}

/** By which cert-manager makes a Certificate of its own for an Ingress. */
const ASKS_FOR_CERTIFICATE = ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme"];

/** At most one: each makes the next one pointless. */
function ingressProblems({ runtime, grafana, kubernetes }: Environment, at: (path: string) => string): Problem[] {
  const { ingress } = kubernetes;
  if (ingress === undefined) return [];
  const path = at("kubernetes.ingress");
  const got = `an ingress for ${ingress.host}`;
  if (runtime !== "kubernetes") {
    const expected = `nothing: Grafana runs with runtime ${runtime}, where no ingress reaches it`;
    return [{ path, expected, got, fix: "remove kubernetes.ingress, or set runtime: kubernetes" }];
  }
  if (grafana.external !== undefined) {
    const expected = "nothing: whoever runs the external Grafana also shows it to people";
    return [{ path, expected, got, fix: "remove kubernetes.ingress, or grafana.external" }];
  }
  if (grafana.enabled === false) {
    const expected = "a Grafana to show: nothing else takes people without a client certificate";
    return [{ path, expected, got, fix: "set grafana.enabled: true, or remove kubernetes.ingress" }];
  }
  const asking = Object.keys(ingress.annotations).filter((key) => ASKS_FOR_CERTIFICATE.includes(key));
  if (asking.length > 0) {
    const expected =
      "no annotation that has cert-manager make a Certificate: two would contend for one Secret, and an issuer that is named here alone finds its solver shut in";
    const fix = `remove ${asking.join(" and ")}, and name the issuer: kubernetes.ingress.tls.issuer`;
    return [{ path: `${path}.annotations`, expected, got: asking.join(", "), fix }];
  }
  return [];
}

/** A key that is not spelled as the address is would change nothing. */
function portsOfNobody(environment: Environment, at: (path: string) => string): Problem[] {
  const named = [...new Set(outsideAddresses(environment).map(toHostAndPort))].toSorted();
  return Object.keys(environment.kubernetes.podPorts)
    .filter((key) => !named.includes(toHostAndPort(key)))
    .map((key) => ({
      path: at(`kubernetes.podPorts.${key}`),
      expected: `an address that the environment names: ${named.join(", ") || "there is none"}`,
      got: `"${key}"`,
      fix: `write it as it is written there, with its port, or remove "${key}"`,
    }));
}

function unknownKeys(
  keys: readonly string[],
  known: readonly string[],
  what: string,
  path: (key: string) => string,
): Problem[] {
  return keys
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: path(key),
      expected: `a ${what} of the platform: ${[...new Set(known)].toSorted().join(", ")}`,
      got: `"${key}"`,
      fix: `name one of them, or remove "${key}"`,
    }));
}
