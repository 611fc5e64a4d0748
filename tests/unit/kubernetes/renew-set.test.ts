import { ApiException, type V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it, vi } from "vitest";
import { renewSet } from "../../../infra/cli/renew-set.ts";
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
    await renewSet(server.api, GATEWAY, [WANTED]);
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
    await renewSet(server.api, GATEWAY, [WANTED]);
    expect(server.made[0]?.body.spec?.replicas).toBe(4);
  });

  it("is made although the API server is away for a moment, or a signal asks for the end", async () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const server = new OneSet(GATEWAY);
    server.refusals.push(new Error("connect ECONNREFUSED"), new ApiException(503, "away", "no JSON", {}));
    server.whileLeaving = () => void process.emit("SIGHUP", "SIGHUP");
    await renewSet(server.api, GATEWAY, [WANTED]);
    expect(server.made).toHaveLength(1);
    expect(kill.mock.calls).toEqual([[process.pid, "SIGHUP"]]);
    expect(process.listeners("SIGHUP")).toEqual([]);
    kill.mockRestore();
  });

  it("rejects with the API server's own words, and says that the pods run on", async () => {
    const server = new OneSet(GATEWAY);
    server.refusals.push(new ApiException(403, "forbidden", JSON.stringify({ message: "denied by a webhook" }), {}));
    await expect(renewSet(server.api, GATEWAY, [WANTED])).rejects.toThrow(
      /statefulset gpu-observability\/gateway[^]*denied by a webhook[^]*its pods run on/,
    );
    const proxy = new OneSet(GATEWAY);
    proxy.refusals.push(new ApiException(400, "bad", "<html>", {}));
    await expect(renewSet(proxy.api, GATEWAY, [WANTED])).rejects.toThrow("got       status 400");
  });
});
