import * as pulumi from "@pulumi/pulumi";
import { ExternalPrometheus } from "../../components/prometheus/external/external-prometheus.ts";
import { KubernetesRuntime } from "../../components/runtime/kubernetes/kubernetes-runtime.ts";
import type { DeliveredCertificate } from "../../components/runtime/runtime.ts";
import { LeafCertificate } from "../../components/security/leaf-certificate.ts";
import type { Topology } from "../topology/topology.ts";
import type { Issuer } from "./external-grafana.ts";
import { EXTERNAL_PROMETHEUS } from "./external-access.ts";
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
