import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planContent } from "../../../infra/deploy/grafana.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { objectsOf, ofKind, planStack, workloadOf } from "../kubernetes/planned.ts";

const REPLICATED = ["prometheus", "alertmanager"] as const;
const sourcesOf = (name: "local" | "staging" | "production") =>
  planContent(planTopology(readEnvironment(PROJECT_ROOT, name))).dataSources;

describe.each(["staging", "production"] as const)("a panel of %s while replica 0 is away", (name) => {
  const { workloads, settings } = planStack(name);

  /** Pods behind a name of the cluster: one for a pod's own, all that are ready for a Service's. */
  function podsBehind(url: string, away: readonly string[]): readonly string[] {
    const { hostname } = new URL(url);
    const names = hostname.replace(/\.gpu-observability\.svc$/, "").split(".");
    const workload = workloadOf(workloads, names.at(-1) ?? "");
    const [service] = ofKind(objectsOf(workload, settings), "Service");
    expect(service?.spec.selector).toEqual({
      "app.kubernetes.io/name": workload.service,
      "app.kubernetes.io/instance": workload.name,
    });
    const pods = Array.from({ length: workload.replicas ?? 1 }, (_, index) => `${workload.name}-${index}`);
    const meant = names.length === 1 ? pods : pods.filter((pod) => pod === names[0]);
    return meant.filter((pod) => !away.includes(pod));
  }

  it.each(REPLICATED)("is answered by another %s, whose certificate has the name it asks for", (uid) => {
    const source = sourcesOf(name).find((one) => one.uid === uid);
    expect(podsBehind(source?.url ?? "", [`${uid}-0`]).length).toBeGreaterThan(0);
    const { hostname } = new URL(source?.url ?? "");
    expect(source?.jsonData["serverName"]).toBe(hostname);
    expect(workloadOf(workloads, uid).certificate?.dnsNames).toContain(hostname);
  });
});

describe("a panel of local while replica a is away", () => {
  it.each(REPLICATED)("can be read from %s-b, a source of its own: there is no address for both", (uid) => {
    const sources = sourcesOf("local").filter(({ type }) => type === uid);
    expect(sources.filter(({ uid: own }) => own !== "greptimedb").map(({ uid: own }) => own)).toEqual([
      uid,
      `${uid}-b`,
    ]);
    expect(new Set(sources.map(({ url }) => url)).size).toBe(sources.length);
    expect(sources.filter(({ isDefault }) => isDefault).map(({ uid: own }) => own)).toEqual(
      uid === "prometheus" ? ["prometheus"] : [],
    );
  });
});
