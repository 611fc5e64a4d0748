import { ApiException, type V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it, vi } from "vitest";
import { renewSet, restoreSets } from "../../../infra/cli/renew-set.ts";
import { OneSet } from "../../support/cluster/one-set.ts";

const applied = (manager: string) => ({ manager, operation: "Apply", apiVersion: "apps/v1", fieldsType: "FieldsV1" });
const GATEWAY: V1StatefulSet = {
  metadata: {
    name: "gateway",
    uid: "first",
    labels: { team: "platform" },
    managedFields: [applied("kubectl"), applied("pulumi-kubernetes-1a2b"), { operation: "Update", manager: "other" }],
  },
  spec: {
    replicas: 2,
    serviceName: "gateway",
    selector: { matchLabels: { app: "gateway" } },
    template: {},
    volumeClaimTemplates: [
      {
        metadata: { name: "data-queue", labels: { app: "gateway" } },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "slow" },
      },
    ],
  },
};
const WANTED = { set: "gateway", service: "gateway", template: "data-queue", sizeMiB: 2048 };

describe("a set that is made anew around its pods", () => {
  it("leaves its pods, is made in the engine's name, and differs in nothing but its claims", async () => {
    const server = new OneSet(GATEWAY);
    await renewSet(server.apis, GATEWAY, [WANTED]);
    expect(server.removals).toEqual([
      expect.objectContaining({ body: { propagationPolicy: "Orphan", preconditions: { uid: "first" } } }),
    ]);
    expect(server.made).toHaveLength(1);
    const [{ body, fieldManager, force } = { body: undefined }] = server.made;
    expect([fieldManager, force]).toEqual(["pulumi-kubernetes-1a2b", true]);
    expect(body?.spec).toEqual({
      ...GATEWAY.spec,
      volumeClaimTemplates: [
        {
          metadata: { name: "data-queue", labels: { app: "gateway" } },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2048Mi" } } },
        },
      ],
    });
    expect(body?.metadata).toEqual({
      name: "gateway",
      namespace: "gpu-observability",
      labels: { team: "platform" },
      annotations: {},
    });
  });

  it("keeps the copies that Kubernetes adds while it is removed: their queues would wait for them", async () => {
    const server = new OneSet(GATEWAY);
    server.whileLeaving = () => server.scale(4);
    await renewSet(server.apis, GATEWAY, [WANTED]);
    expect(server.made[0]?.body.spec?.replicas).toBe(4);
  });

  it("is made although the API server is away for a moment, or a signal asks for the end", async () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const server = new OneSet(GATEWAY);
    server.refusals.push(new Error("connect ECONNREFUSED"), new ApiException(503, "away", "no JSON", {}));
    server.whileLeaving = () => void process.emit("SIGHUP", "SIGHUP");
    await renewSet(server.apis, GATEWAY, [WANTED]);
    expect(server.made).toHaveLength(1);
    expect(kill.mock.calls).toEqual([[process.pid, "SIGHUP"]]);
    expect(process.listeners("SIGHUP")).toEqual([]);
    kill.mockRestore();
  });

  it("rejects with the API server's own words, and says that the pods run on", async () => {
    const server = new OneSet(GATEWAY);
    server.refusals.push(new ApiException(403, "forbidden", JSON.stringify({ message: "denied by a webhook" }), {}));
    await expect(renewSet(server.apis, GATEWAY, [WANTED])).rejects.toThrow(
      /statefulset gpu-observability\/gateway[^]*denied by a webhook[^]*its pods run on/,
    );
    const proxy = new OneSet(GATEWAY);
    proxy.refusals.push(new ApiException(400, "bad", "<html>", {}));
    await expect(renewSet(proxy.apis, GATEWAY, [WANTED])).rejects.toThrow("got       status 400");
  });
});

describe("a set that an `up` removed and was killed before it made it", () => {
  const OWN = [{ type: "kubernetes:apps/v1:StatefulSet", outputs: { __fieldManager: "pulumi-kubernetes-1a2b" } }];
  const state = vi.fn(() => Promise.resolve(OWN));
  const forbidden = () => new ApiException(403, "forbidden", "{}", {});

  /** What is left in the cluster is the same whether the API server refuses the set or nobody asks for it any more. */
  async function left(server: OneSet): Promise<void> {
    server.refusals.push(forbidden());
    await expect(renewSet(server.apis, GATEWAY, [WANTED])).rejects.toThrow("403");
  }

  it("is made again by the next one, as it was and with the copies that Kubernetes had added", async () => {
    const server = new OneSet(GATEWAY);
    server.scale(4);
    await left(server);
    await restoreSets(server.apis, state);
    expect(server.made).toHaveLength(1);
    const [{ body, fieldManager } = { body: undefined }] = server.made;
    expect(fieldManager).toBe("pulumi-kubernetes-1a2b");
    expect(body?.spec).toEqual({ ...GATEWAY.spec, replicas: 4 });
    expect([...server.configMaps.keys()]).toEqual([]);
  });

  it("is noted before it goes, and forgotten once it is there again", async () => {
    const server = new OneSet(GATEWAY);
    const noted = vi.fn(() => expect([...server.configMaps.keys()]).toEqual(["gateway-noted"]));
    server.whileLeaving = noted;
    await renewSet(server.apis, GATEWAY, [WANTED]);
    expect(noted).toHaveBeenCalled();
    expect([...server.configMaps.keys()]).toEqual([]);
  });

  it("is waited for while it is still on its way out", async () => {
    const server = new OneSet(GATEWAY);
    await left(server);
    const leaving = new OneSet(GATEWAY);
    for (const [name, note] of server.configMaps) leaving.configMaps.set(name, note);
    await leaving.apis.apps.deleteNamespacedStatefulSet({ name: "gateway", namespace: "gpu-observability" });
    leaving.whileLeaving = () => leaving.scale(3);
    await restoreSets(leaving.apis, state);
    expect(leaving.made.map(({ body }) => body.spec?.replicas)).toEqual([3]);
  });

  it("is left to the environment whose state applied it", async () => {
    const server = new OneSet(GATEWAY);
    await left(server);
    await restoreSets(server.apis, () => Promise.resolve([]));
    expect(server.made).toEqual([]);
    expect([...server.configMaps.keys()]).toEqual(["gateway-noted"]);
  });

  it("is let be where it was not removed, and costs nothing where nothing was noted", async () => {
    const server = new OneSet(GATEWAY);
    await left(server);
    const there = new OneSet(GATEWAY);
    for (const [name, note] of server.configMaps) there.configMaps.set(name, note);
    await restoreSets(there.apis, state);
    expect([there.made, [...there.configMaps.keys()]]).toEqual([[], []]);
    state.mockClear();
    await restoreSets(there.apis, state);
    expect(state).not.toHaveBeenCalled();
  });
});
