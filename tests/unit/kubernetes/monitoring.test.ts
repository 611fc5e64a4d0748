import { describe, expect, it } from "vitest";
import { EXTERNAL_URL } from "../../support/external-prometheus.ts";
import { objectsOf, ofKind, type PlainSpec, planStack } from "./planned.ts";

const NAME = "app.kubernetes.io/name";

function policiesWith(external: object) {
  const prometheus = `prometheus=${JSON.stringify({ external })}`;
  const { workloads, settings } = planStack("production", prometheus, "alertmanager={}", "greptimedb.enabled=true");
  const policies = workloads.flatMap((workload) => ofKind(objectsOf(workload, settings), "NetworkPolicy"));
  return { policies, settings };
}

/** `tempo:3200` for each port that a namespace is let in to. */
function openTo(namespace: string, { policies }: ReturnType<typeof policiesWith>): readonly string[] {
  return policies.flatMap(({ spec }) =>
    spec.ingress.flatMap(({ from, ports }: PlainSpec) =>
      from.some(({ namespaceSelector }: PlainSpec) => namespaceOf(namespaceSelector) === namespace)
        ? ports.map(({ port }: PlainSpec) => `${spec.podSelector.matchLabels[NAME]}:${port}`)
        : [],
    ),
  );
}

function isOf(namespace: string, { namespaceSelector }: PlainSpec): boolean {
  return namespaceOf(namespaceSelector) === namespace;
}

function namespaceOf(selector: PlainSpec): string | undefined {
  return selector?.matchLabels["kubernetes.io/metadata.name"];
}

describe("network policies beside an existing Prometheus", () => {
  it("let its namespace in to exactly the planned ports, and no other namespace anywhere", () => {
    const planned = policiesWith({ url: EXTERNAL_URL, namespace: "metrics", operator: {} });
    const edges = planned.settings.edges.filter(({ from }) => from === "monitoring");
    expect(openTo("metrics", planned).toSorted()).toEqual(edges.map(({ to, port }) => `${to}:${port}`).toSorted());
    expect(edges.map(({ to }) => to)).toEqual(expect.arrayContaining(["gateway", "tempo", "loki", "grafana"]));
    expect(openTo("monitoring", planned)).toEqual([]);
  });

  const OPERATOR = { "app.kubernetes.io/name": "prometheus" };
  it.each([
    ["those that the operator names", { operator: {} }, OPERATOR],
    ["those that are named", { operator: {}, podLabels: { app: "agent" } }, { app: "agent" }],
    ["those that are named without an operator", { namespace: "monitoring", podLabels: { a: "b" } }, { a: "b" }],
    ["every pod where none is named", { namespace: "monitoring" }, undefined],
  ])("let in, of its namespace, %s, also to a GreptimeDB without TLS", (_, external, expected) => {
    const { policies } = policiesWith({ url: "https://prometheus.monitoring.svc:9090", ...external });
    const callers = policies.flatMap(({ spec }) =>
      spec.ingress.flatMap(({ from }: PlainSpec) => from.filter((peer: PlainSpec) => isOf("monitoring", peer))),
    );
    expect(policies.some(({ metadata }) => metadata.name === "greptimedb")).toBe(true);
    expect(callers.length).toBeGreaterThan(4);
    for (const { podSelector } of callers) expect(podSelector?.matchLabels).toEqual(expected);
    // What answers there may be a querier, or a proxy in front.
    const answering = policies.flatMap(({ spec }) => spec.egress.flatMap(({ to }: PlainSpec) => to));
    expect(answering.filter((peer) => isOf("monitoring", peer) && peer.podSelector !== undefined)).toEqual([]);
  });

  it.each([
    ["prometheus.monitoring", ["gateway:9090", "grafana:9090"]],
    ["prometheus.monitoring.svc", ["gateway:9090", "grafana:9090"]],
    ["prometheus.monitoring.svc.cluster.local", ["gateway:9090", "grafana:9090"]],
    ["prometheus.monitoring.example.org", []],
    ["prometheus.other.svc", []],
  ])("let gateways and Grafana out to %s by its namespace where that is in the cluster", (host, expected) => {
    const { policies } = policiesWith({ url: `https://${host}:9090`, operator: {} });
    const out = policies.flatMap(({ spec }) =>
      spec.egress.flatMap(({ to, ports }: PlainSpec) =>
        to.some(({ namespaceSelector }: PlainSpec) => namespaceOf(namespaceSelector) === "monitoring")
          ? ports.map(({ port }: PlainSpec) => `${spec.podSelector.matchLabels[NAME]}:${port}`)
          : [],
      ),
    );
    expect(out.toSorted()).toEqual(expected);
  });

  it("let nobody in of one outside the cluster", () => {
    const { policies } = policiesWith({ url: EXTERNAL_URL });
    expect(JSON.stringify(policies)).not.toContain("namespaceSelector");
  });
});
