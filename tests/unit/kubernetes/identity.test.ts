import { describe, expect, it } from "vitest";
import { objectsOf, ofKind, planStack, podOf, workloadOf } from "./planned.ts";

const ROLE = { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/loki" };
const STORE = "{ kind: s3, endpoint: objects.example.org:9000, bucket: logs }";

describe("the identity of a workload", () => {
  const { workloads, settings } = planStack(
    "production",
    `kubernetes.serviceAccountAnnotations={ loki: ${JSON.stringify(ROLE)} }`,
    `loki.storage=${STORE}`,
  );
  const portsOut = (service: string) => {
    const to = settings.edges.filter(({ from, to }) => from === service && to === "outside");
    return to.map(({ port }) => port).toSorted((left, right) => left - right);
  };

  it("is annotated for a cloud that knows pods by it, and no other workload's is", () => {
    const annotated = workloads.flatMap((workload) =>
      ofKind(objectsOf(workload, settings), "ServiceAccount")
        .filter(({ metadata }) => metadata.annotations !== undefined)
        .map(({ metadata }) => [metadata.name, metadata.annotations]),
    );
    expect(annotated).toEqual([["loki", ROLE]]);
  });

  it("reaches the cloud's token service where a store is given no credentials, and only there", () => {
    expect(portsOut("loki")).toEqual([80, 443, 9000]);
    expect(portsOut("tempo")).toEqual([443]);
  });

  it("still gets no token of the cluster's API", () => {
    const loki = objectsOf(workloadOf(workloads, "loki"), settings);
    expect(podOf(loki).automountServiceAccountToken).toBe(false);
  });
});

describe("secrets of a registry", () => {
  it("are named by every pod, and by none where there are none", () => {
    const named = (...overrides: readonly string[]) => {
      const { workloads, settings } = planStack("staging", ...overrides);
      return workloads.map((workload) => podOf(objectsOf(workload, settings)).imagePullSecrets as unknown);
    };
    expect(new Set(named().map((one) => JSON.stringify(one)))).toEqual(new Set([undefined]));
    const all = named("kubernetes.imagePullSecrets=[mirror]");
    expect(all.length).toBeGreaterThan(8);
    for (const one of all) expect(one).toEqual([{ name: "mirror" }]);
  });
});
