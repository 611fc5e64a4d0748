import { describe, expect, it } from "vitest";
import { REMEDIATIONS } from "../../infra/policy/remediations.ts";
import type { Json } from "./downgrades/downgrade.ts";
import { kubernetesResources } from "./manifests.ts";

const production = kubernetesResources("production");

/** Applies a remediation to a copy of what the engine was given. */
function mend(name: string, type: string, props: object): Json {
  const remediation = REMEDIATIONS.find((one) => one.name === name);
  const copy = structuredClone(props);
  const changed = remediation?.appliesTo(type) === true && remediation.mend(copy as Record<string, unknown>);
  return { changed, ...copy };
}

const POD = { spec: { template: { spec: { containers: [] } } } };
const SET = "kubernetes:apps/v1:StatefulSet";

describe("a remediation", () => {
  it("changes nothing in production as written", () => {
    const changed = production.filter(({ type, props }) =>
      REMEDIATIONS.some(({ name }) => mend(name, type, props).changed),
    );
    expect(production.length).toBeGreaterThan(40);
    expect(changed).toEqual([]);
  });

  it("adds the labels that are missing and keeps the others", () => {
    const labels = { "app.kubernetes.io/part-of": "something else", mine: "kept" };
    expect(mend("complete-labels", "kubernetes:core/v1:ConfigMap", { metadata: { labels } }).metadata.labels).toEqual({
      "app.kubernetes.io/part-of": "something else",
      "app.kubernetes.io/managed-by": "pulumi",
      mine: "kept",
    });
    expect(mend("complete-labels", "kubernetes:core/v1:ConfigMap", { metadata: {} }).metadata.labels).toHaveProperty([
      "app.kubernetes.io/managed-by",
    ]);
  });

  it("leaves alone what is not of Kubernetes", () => {
    expect(mend("complete-labels", "docker:index/container:Container", { metadata: {} }).changed).toBe(false);
  });

  it("takes the token of the default service account away, and of no other", () => {
    expect(mend("drop-api-token", SET, POD).spec.template.spec.automountServiceAccountToken).toBe(false);
    const named = { spec: { template: { spec: { serviceAccountName: "agent" } } } };
    expect(mend("drop-api-token", SET, named).changed).toBe(false);
    const wanted = { spec: { template: { spec: { automountServiceAccountToken: true } } } };
    expect(mend("drop-api-token", SET, wanted).changed).toBe(false);
  });

  it("changes the very object it was given, which keeps secrets secret", () => {
    const props: Json = structuredClone(POD);
    const pod = props.spec.template.spec;
    REMEDIATIONS.find(({ name }) => name === "drop-api-token")?.mend(props);
    expect(props.spec.template.spec).toBe(pod);
  });
});
