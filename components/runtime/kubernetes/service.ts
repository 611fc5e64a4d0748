import type { Listener, Workload } from "../workload.ts";
import { planPorts } from "./ports.ts";
import { isStateful, metadataOf, publicationOf, type Scope } from "./scope.ts";
import type { Publication } from "./settings.ts";
import type { Service } from "./types.ts";

/** The engine need not wait: what a Service leads to says itself when it is ready. */
const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" };

/** Listeners by which copies find each other before any of them is ready. */
const PEER_PORTS = ["gossip", "cluster"];

/** Copies that others must find before, or although, they are not ready: peers, and what a scaled set is scraped by. */
function isFoundEarly({ ports, maxReplicas }: Workload): boolean {
  return maxReplicas !== undefined || PEER_PORTS.some((name) => name in ports);
}

/** Services of a workload; one of a node is reached at its node, and has none. */
export function renderServices(scope: Scope) {
  const { workload, settings } = scope;
  if (workload.hostAccess !== undefined) return [];
  const published = publicationOf(scope);
  const doors = settings.edges.filter(({ from, to }) => from === "hosts" && to === workload.service);
  return [
    renderInside(scope),
    ...(doors.length === 0
      ? []
      : [
          renderDoor(
            scope,
            doors.map(({ port }) => port),
          ),
        ]),
    ...(published === undefined ? [] : [renderEntrance(scope, published)]),
  ];
}

/** The workload's name in the cluster. Of a set it stands for every copy, and in front of it stands each copy's name. */
function renderInside(scope: Scope) {
  const { workload, selector } = scope;
  const isSet = workload.replicas !== undefined;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...metadataOf(scope, workload.name), annotations: SKIP_AWAIT },
    spec: {
      type: "ClusterIP",
      ...(isSet && isStateful(workload) ? { clusterIP: "None" } : {}),
      ...(isSet && isFoundEarly(workload) ? { publishNotReadyAddresses: true } : {}),
      selector,
      ports: toServicePorts(scope),
    },
  } satisfies Service;
}

/** How hosts outside the cluster get in; their own addresses stay visible, so that the network policy can tell them. */
function renderDoor(scope: Scope, open: readonly number[]) {
  const { workload, selector, settings } = scope;
  const type = settings.gatewayService;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      ...metadataOf(scope, doorName(workload.name)),
      annotations: { ...SKIP_AWAIT, ...settings.gatewayServiceAnnotations },
    },
    spec: {
      type,
      ...(type === "ClusterIP" ? {} : { externalTrafficPolicy: "Local" }),
      // A cloud's load balancer faces the internet unless it is told otherwise.
      ...(type === "LoadBalancer" ? { loadBalancerSourceRanges: [...settings.hostNetworks] } : {}),
      selector,
      ports: toServicePorts(scope).filter(({ port }) => open.includes(port)),
    },
  } satisfies Service;
}

/**
 * What an ingress controller finds a published workload behind: one address, where the set's own Service has none, and
 * both of the hints by which controllers tell without an annotation that TLS is spoken here (name and number).
 */
function renderEntrance(scope: Scope, { port, serviceAnnotations }: Publication) {
  const { workload, selector } = scope;
  const [planned] = planPorts({ ports: { [port]: workload.ports[port] as Listener } });
  const targetPort = planned?.name ?? port;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      ...metadataOf(scope, entranceName(workload.name)),
      annotations: { ...SKIP_AWAIT, ...serviceAnnotations },
    },
    spec: {
      type: "ClusterIP",
      selector,
      ports: [{ name: entrancePort, port: 443, targetPort, protocol: "TCP", appProtocol: "https" }],
    },
  } satisfies Service;
}

/** Name of what publishes a workload. */
export function entranceName(workload: string): string {
  return `${workload}-ingress`;
}

/** Its one port. */
export const entrancePort = "https";

export function doorName(workload: string): string {
  return `${workload}-hosts`;
}

function toServicePorts({ workload }: Scope) {
  return planPorts(workload).map(({ name, port, protocol }) => ({ name, port, targetPort: name, protocol }));
}
