import { describe, expect, it } from "vitest";
import { EXTERNAL_URL } from "../../support/external-prometheus.ts";
import { objectsOf, ofKind, type PlainSpec, planStack } from "./planned.ts";

const NAME = "app.kubernetes.io/name";

function policiesWith(external: object) {
  const prometheus = `prometheus=${JSON.stringify({ external })}`;
  const { workloads, settings } = planStack("production", prometheus, "alertmanager={}");
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
