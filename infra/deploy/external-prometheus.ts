import * as pulumi from "@pulumi/pulumi";
import { ExternalPrometheus } from "../../components/prometheus/external/external-prometheus.ts";
import type { ExternalPrometheusCredentials } from "../../components/prometheus/external/access.ts";
import { KubernetesRuntime } from "../../components/runtime/kubernetes/kubernetes-runtime.ts";
import type { DeliveredCertificate, SecretValues } from "../../components/runtime/runtime.ts";
import { LeafCertificate } from "../../components/security/leaf-certificate.ts";
import type { ExternalPrometheusDescription } from "../environment/external-prometheus.ts";
import type { Topology } from "../topology/topology.ts";
import type { Issuer } from "./external-grafana.ts";
import { EXTERNAL_PROMETHEUS, EXTERNAL_PROMETHEUS_CREDENTIALS, planAccess } from "./external-prometheus-plan.ts";
import { planOperator } from "./external-prometheus-render.ts";

/**
 * Gives a Prometheus that is somebody else's what it needs of us: a client certificate, and through the operator rules
 * and scrapes. Without the operator it warns that somebody has to load them.
 *
 * @returns the certificate it shows our programs; undefined where the environment has a Prometheus of its own
 */
export function deployExternalPrometheus(
  topology: Topology,
  { authority, leaves }: Issuer,
  runtime: unknown,
): DeliveredCertificate | undefined {
  if (topology.environment.prometheus.external === undefined) return undefined;
  const request = { commonName: EXTERNAL_PROMETHEUS, dnsNames: [EXTERNAL_PROMETHEUS], ipAddresses: [] };
  const leaf = new LeafCertificate(`${EXTERNAL_PROMETHEUS}-certificate`, { authority, request, ...leaves });
  const certificate = { certPem: leaf.certPem, keyPem: leaf.keyPem, caPem: authority.certPem };
  const operator = planOperator(topology);
  if (operator === undefined) void pulumi.log.warn(loadRules(topology.name));
  else if (runtime instanceof KubernetesRuntime) {
    new ExternalPrometheus(EXTERNAL_PROMETHEUS, { ...operator, certificate }, runtime.besides);
  }
  return certificate;
}

function loadRules(stack: string): string {
  const folder = `tests/golden/${stack}/${EXTERNAL_PROMETHEUS}`;
  return `no alert fires until the existing Prometheus has loaded our rules: npm run render -- ${stack} writes them to ${folder}, whose README.md says how`;
}

/** Secrets made of those the stack brings, as an existing Prometheus wants to be shown them. */
export function externalPrometheusSecrets(
  external: ExternalPrometheusDescription | undefined,
  brought: SecretValues,
): SecretValues {
  const credentials = external === undefined ? undefined : planAccess(external).credentials;
  if (external === undefined || credentials === undefined) return {};
  return { [EXTERNAL_PROMETHEUS_CREDENTIALS]: pulumi.secret(valueOf(credentials, external, brought)) };
}

function valueOf(
  { scheme }: ExternalPrometheusCredentials,
  { user = "", password = "", token = "" }: ExternalPrometheusDescription,
  brought: SecretValues,
): pulumi.Output<string> {
  const secret = pulumi.output(brought[scheme === "Bearer" ? token : password] ?? "");
  if (scheme === "Bearer") return secret;
  return secret.apply((text) => Buffer.from(`${user}:${text}`).toString("base64"));
}

/** The same for the commands that ask it: a password, or without a user a token. */
export function externalCredentials(
  external: ExternalPrometheusDescription | undefined,
  secrets: SecretValues,
): Readonly<Record<string, { readonly user?: string; readonly password: pulumi.Input<string> }>> {
  const name = external?.password ?? external?.token;
  if (external === undefined || name === undefined) return {};
  const password = pulumi.secret(secrets[name] ?? "");
  return { [EXTERNAL_PROMETHEUS]: { ...(external.user === undefined ? {} : { user: external.user }), password } };
}
