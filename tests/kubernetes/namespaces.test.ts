import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cluster } from "../support/cluster/cluster.ts";
import { NAMESPACE, startStack, stopStack } from "../support/cluster/start-stack.ts";
import type { TestEnvironment } from "../support/test-environment.ts";

const PATH = `/api/v1/namespaces/${NAMESPACE}`;

describe("namespaces that are there before the environment", () => {
  let cluster: Cluster;
  let environment: TestEnvironment;
  const create = (kind: string, metadata: object, rest: object = {}) =>
    cluster.api.create({ apiVersion: "v1", kind, metadata: { name: NAMESPACE, ...metadata }, ...rest });

  beforeAll(async () => {
    ({ cluster, environment } = await startStack("staging"));
  }, 240_000);

  afterAll(async () => {
    await stopStack({ cluster, environment });
  });

  it("rejects one that is still being removed, says what holds it, and makes nothing", async () => {
    await create("Namespace", {});
    const held = { name: "held", namespace: NAMESPACE, finalizers: ["example.org/held"] };
    await create("ConfigMap", held);
    await cluster.api.delete(PATH);
    await cluster.waitFor("what the namespace still holds", 60, async () =>
      JSON.stringify(await cluster.api.get(PATH)).includes("example.org/held"),
    );
    const { code, output } = await environment.run("up");
    expect(code).toBe(1);
    expect(output).toContain(`1 problem:\n  namespace ${NAMESPACE}`);
    expect(output).toMatch(
      /got {7}one that is being removed, since 20\d\d-.*example\.org\/held in 1 resource instances/,
    );
    expect(output).toContain(`kubectl wait --for=delete namespace/${NAMESPACE}`);
    expect(await cluster.api.find(`/api/v1/namespaces/${NAMESPACE}-hosts`)).toBeUndefined();
    await cluster.api.patch(`${PATH}/configmaps/held`, { metadata: { finalizers: null } });
    await cluster.waitFor("the namespace to go", 60, async () => (await cluster.api.find(PATH)) === undefined);
  }, 120_000);

  it("rejects an object that somebody else keeps, and names both; once that is gone, adopts the namespace", async () => {
    await create("Namespace", { labels: { team: "platform" } });
    const service = { name: "loki", namespace: NAMESPACE };
    await create("Service", service, { spec: { selector: { app: "other" }, ports: [{ port: 80 }] } });
    await create("ConfigMap", { name: "theirs", namespace: NAMESPACE }, { data: { kept: "yes" } });
    const before = await cluster.api.get(PATH);
    const refused = await environment.run("up");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/loki-service[^]*conflict with "[^"]+"[^]*\.spec\.selector/);
    await cluster.api.delete(`${PATH}/services/loki`);
    const { code, output } = await environment.run("up");
    expect(code, output.slice(-4000)).toBe(0);
    const { metadata } = await cluster.api.get(PATH);
    expect(metadata.uid).toBe(before.metadata.uid);
    expect(metadata.labels).toMatchObject({ team: "platform", "pod-security.kubernetes.io/enforce": "restricted" });
  }, 240_000);

  it("leaves an adopted namespace, and what others keep in it, when the environment goes", async () => {
    const { code, output } = await environment.run("destroy");
    expect(code, output.slice(-4000)).toBe(0);
    expect((await cluster.api.get(`${PATH}/configmaps/theirs`))["data"]).toEqual({ kept: "yes" });
  }, 120_000);
});
