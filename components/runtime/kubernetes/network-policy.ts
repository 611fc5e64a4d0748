import { COMMON_LABELS, serviceSelector } from "./labels.ts";
import { metadataOf, publicationOf, type Scope } from "./scope.ts";
import { entranceName } from "./service.ts";
import type { NetworkEdge } from "./settings.ts";
import type { NetworkPolicy } from "./types.ts";

const API_VERSION = "networking.k8s.io/v1";
const BOTH = ["Ingress", "Egress"];
const EVERYWHERE = "0.0.0.0/0";
/** Where NodeLocal DNSCache answers: an address of the node, which no selector finds. */
const NODE_LOCAL_DNS = "169.254.20.10/32";

/** Of a namespace: nothing but names may be asked for. */
export function renderDefaultPolicies(namespace: string) {
  const metadata = (name: string) => ({ name, namespace, labels: COMMON_LABELS });
  const deny = {
    apiVersion: API_VERSION,
    kind: "NetworkPolicy",
    metadata: metadata("default-deny"),
    spec: { podSelector: {}, policyTypes: BOTH },
  } satisfies NetworkPolicy;
  const dns = {
    apiVersion: API_VERSION,
    kind: "NetworkPolicy",
    metadata: metadata("dns"),
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
            { ipBlock: { cidr: NODE_LOCAL_DNS } },
          ],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
      ],
    },
  } satisfies NetworkPolicy;
  return [deny, dns];
}

/** The planned edges of a workload's service; a workload of a node is on its node's network, where none applies. */
export function renderNetworkPolicies(scope: Scope) {
  const { workload, selector, settings } = scope;
  if (workload.hostAccess !== undefined) return [];
  const { service } = workload;
  const { edges } = settings;
  const inbound = edges.filter(({ to }) => to === service);
  const outbound = edges.filter(({ from }) => from === service);
  const policy = {
    apiVersion: API_VERSION,
    kind: "NetworkPolicy",
    metadata: metadataOf(scope, workload.name),
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: BOTH,
      ingress: byParty(inbound, ({ from }) => from).map(([party, ports]) => ({
        from: callersOf(party, scope),
        ports,
      })),
      egress: byParty(outbound, ({ to }) => to).map(([party, ports]) => ({ to: peersOf(party, scope), ports })),
    },
  } satisfies NetworkPolicy;
  return [policy, ...renderSolverPolicies(scope)];
}

/** Label of the pods that cert-manager starts in a namespace closed to all, and answers a challenge by. */
const SOLVER = { "acme.cert-manager.io/http01-solver": "true" };

function renderSolverPolicies(scope: Scope) {
  const { workload, settings } = scope;
  const published = publicationOf(scope);
  if (published === undefined || !("issuer" in published.tls)) return [];
  const inbound = settings.edges.filter(({ to }) => to === "acme-solver");
  const policy = {
    apiVersion: API_VERSION,
    kind: "NetworkPolicy",
    metadata: metadataOf(scope, `${entranceName(workload.name)}-solver`),
    spec: {
      podSelector: { matchLabels: SOLVER },
      policyTypes: ["Ingress"],
      ingress: byParty(inbound, ({ from }) => from).map(([party, ports]) => ({ from: callersOf(party, scope), ports })),
    },
  } satisfies NetworkPolicy;
  return [policy];
}

function byParty(edges: readonly NetworkEdge[], partyOf: (edge: NetworkEdge) => string) {
  return [...Map.groupBy(edges, partyOf)].map(
    ([party, group]) =>
      [party, group.map(({ port, protocol }) => ({ port, protocol: protocol.toUpperCase() }))] as const,
  );
}

/** Who connects to us: of the party `monitoring` its scraping pods alone. What answers there may be any pod. */
function callersOf(party: string, scope: Scope) {
  const { monitoringPods } = scope.settings;
  const peers = peersOf(party, scope);
  if (party !== "monitoring" || monitoringPods === undefined) return peers;
  return peers.map((peer) => ({ ...peer, podSelector: { matchLabels: monitoringPods } }));
}

function peersOf(party: string, scope: Scope) {
  const { settings } = scope;
  const controller = publicationOf(scope)?.namespace;
  const namespaces: Readonly<Record<string, string | undefined>> = {
    ingress: controller,
    monitoring: settings.monitoringNamespace,
  };
  const namespace = namespaces[party];
  if (namespace !== undefined) {
    return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }];
  }
  if (party === "hosts" || party === "ingress") return settings.hostNetworks.map((cidr) => ({ ipBlock: { cidr } }));
  if (party === "outside") return [{ ipBlock: { cidr: EVERYWHERE } }];
  return [{ podSelector: { matchLabels: serviceSelector(party) } }];
}
