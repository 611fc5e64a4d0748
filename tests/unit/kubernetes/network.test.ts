import { describe, expect, it } from "vitest";
import type { NetworkEdge } from "../../../components/runtime/kubernetes/settings.ts";
import { foundationOf, INGRESS, objectsOf, ofKind, type PlainObject, type PlainSpec, planStack } from "./planned.ts";

const NAME = "app.kubernetes.io/name";
const toText = ({ from, to, port, protocol }: NetworkEdge) => `${from} -> ${to}:${port}/${protocol}`;

const SOLVER = "acme.cert-manager.io/http01-solver";
/** Namespace of the controller in INGRESS. */
const CONTROLLERS = "edge";

describe.each([
  ["staging", "as written", []],
  ["production", "as written", []],
  ["production", "with an ingress in a namespace", [INGRESS]],
] as const)("the network policies of %s %s", (stack, _, overrides) => {
  const { workloads, settings } = planStack(stack, ...overrides);
  const policies = workloads.flatMap((workload) => ofKind(objectsOf(workload, settings), "NetworkPolicy"));
  const services = new Set(
    workloads.filter(({ hostAccess }) => hostAccess === undefined).map(({ service }) => service),
  );

  it("let in exactly the planned edges that end at a service", () => {
    // Without a namespace the controller is let in by the networks around the cluster, as hosts are.
    const isAround = settings.publishedAs?.["grafana"]?.namespace === undefined;
    const planned = settings.edges
      .filter(({ to }) => to !== "outside")
      .map((edge) => toText(edge.from === "ingress" && isAround ? { ...edge, from: "hosts" } : edge));
    expect(policies.flatMap((policy) => inbound(policy, settings.hostNetworks)).toSorted()).toEqual(planned.toSorted());
  });

  it("let out exactly the planned edges that begin at a service", () => {
    const planned = settings.edges.filter(({ from }) => from !== "hosts" && from !== "ingress").map(toText);
    expect(policies.flatMap(outbound).toSorted()).toEqual(planned.toSorted());
  });

  it("are one for each workload that has a network of its own", () => {
    const ofServices = policies.filter(({ spec }) => selected(spec.podSelector) !== "acme-solver");
    expect(ofServices.map(({ metadata }) => metadata.labels[NAME]).toSorted()).toEqual([...services].toSorted());
    for (const { spec } of ofServices) expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
  });

  it("forbid everything else in both namespaces but the asking for names", () => {
    const defaults = ofKind(foundationOf(settings), "NetworkPolicy");
    for (const namespace of ["gpu-observability", "gpu-observability-hosts"]) {
      const [deny, dns, ...more] = defaults.filter(({ metadata }) => metadata.namespace === namespace);
      expect(more).toEqual([]);
      expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
      expect(dns?.spec.egress.flatMap(({ ports }: PlainSpec) => ports.map(({ port }: PlainSpec) => port))).toEqual([
        53, 53,
      ]);
    }
  });
});

function inbound({ spec }: PlainObject, hostNetworks: readonly string[]): readonly string[] {
  return spec.ingress.flatMap(({ from, ports }: PlainSpec) =>
    edges(partyOf(from, hostNetworks), selected(spec.podSelector), ports),
  );
}

function outbound({ spec }: PlainObject): readonly string[] {
  return (spec.egress ?? []).flatMap(({ to, ports }: PlainSpec) =>
    edges(selected(spec.podSelector), partyOf(to, []), ports),
  );
}

function edges(from: string, to: string, ports: readonly PlainSpec[]): readonly string[] {
  return ports.map(({ port, protocol }) => toText({ from, to, port, protocol: protocol.toLowerCase() }));
}

/** The service whose pods a selector picks, or what cert-manager starts. */
function selected({ matchLabels }: PlainSpec): string {
  return matchLabels[SOLVER] === undefined ? matchLabels[NAME] : "acme-solver";
}

/** Read off the policy's own words: a selector is a service, another namespace the controller's, planned networks are hosts, everywhere is outside. */
function partyOf(peers: readonly PlainSpec[], hostNetworks: readonly string[]): string {
  const blocks: readonly string[] = peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock.cidr]));
  if (blocks.length === 0) return peers.map(peerOf).join("+");
  if (blocks.length !== peers.length) return "a mixture";
  if (blocks.join() === "0.0.0.0/0") return "outside";
  return blocks.join() === hostNetworks.join() ? "hosts" : blocks.join();
}

function peerOf({ podSelector, namespaceSelector }: PlainSpec): string {
  if (namespaceSelector === undefined) return selected(podSelector);
  const namespace: string = namespaceSelector.matchLabels["kubernetes.io/metadata.name"];
  return namespace === CONTROLLERS ? "ingress" : `namespace ${namespace}`;
}
