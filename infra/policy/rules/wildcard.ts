import type { KubernetesObject, Platform, PolicyRule, Unit, Violation } from "../model.ts";
import { textMapAt, textsAt, treeAt, treesAt } from "../read/known.ts";
import { isPodKind, selects, templateOf } from "../read/kubernetes-object.ts";
import { isLoopback, isWildcard, type Listening } from "../read/listener.ts";
import { listenersOf } from "../read/listeners.ts";

/** Nothing is open to the whole network by accident. */
export const noOpenWildcard: PolicyRule = {
  name: "no-open-wildcard",
  description:
    "A program that binds every address is a pod with a NetworkPolicy, or a container nobody outside reaches.",
  fix: "bind one address, or let the runtime make the NetworkPolicy of its planned edges",
  check: (platform) => platform.units.flatMap((unit) => checkUnit(unit, platform)),
};

function checkUnit(unit: Unit, platform: Platform): readonly Violation[] {
  const wild = listenersOf(unit).filter(({ host }) => isWildcard(host));
  const { runtime, urn, network } = unit;
  const report = ({ name, host, port }: Listening, what: string): Violation => ({
    where: `${unit.where}: ${name} on ${host}:${port}`,
    urn,
    what,
  });
  if (runtime === "process")
    return wild.map((listener) => report(listener, "a process binds every address of the machine"));
  const published = network.published
    .filter(({ host }) => !isLoopback(host) && isWildcard(host))
    .map(({ port }): Violation => ({
      where: `${unit.where}: port ${port}`,
      urn,
      what: "published on every address of the machine",
    }));
  if (runtime === "docker" && network.machine === undefined) return published;
  if (network.machine !== undefined) {
    return [
      ...published,
      ...wild.map((listener) => report(listener, "no NetworkPolicy reaches the network of the machine")),
    ];
  }
  const open = wild.length === 0 ? undefined : faultOfPolicies(unit, platform.objects);
  return open === undefined ? published : [...published, ...wild.map((listener) => report(listener, open))];
}

/** What is wrong with the NetworkPolicies of a pod; undefined when they let in named peers only. */
function faultOfPolicies(unit: Unit, objects: readonly KubernetesObject[]): string | undefined {
  const owner = objects.find((object) => isPodKind(object) && object.urn === unit.urn);
  if (owner === undefined) return undefined;
  const labels = textMapAt(templateOf(owner), "metadata", "labels");
  const policies = objects.filter(
    (object) =>
      object.kind === "NetworkPolicy" &&
      object.namespace === owner.namespace &&
      selects(treeAt(object.body, "spec", "podSelector"), labels) &&
      restrictsIngress(object),
  );
  if (policies.length === 0) return "no NetworkPolicy restricts who reaches the pod";
  const open = policies.find(({ body }) => treesAt(body, "spec", "ingress").some(isOpen));
  return open === undefined ? undefined : `NetworkPolicy ${open.name} lets everybody in`;
}

/** Policies speak of ingress unless they say otherwise. */
function restrictsIngress({ body }: KubernetesObject): boolean {
  const types = textsAt(body, "spec", "policyTypes");
  return types.length === 0 || types.includes("Ingress");
}

/** A rule without peers is a rule for everybody. */
function isOpen(rule: object): boolean {
  const peers = treesAt(rule, "from");
  return (
    peers.length === 0 ||
    peers.some((peer) => {
      const cidr = treeAt(peer, "ipBlock")["cidr"];
      return cidr === "0.0.0.0/0" || cidr === "::/0" || Object.keys(peer).length === 0;
    })
  );
}
