import {
  ApiException,
  type ApiConstructor,
  CoreV1Api,
  type KubeConfig,
  NetworkingV1Api,
} from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { describeUnfinishedEntrance } from "../../../infra/cli/entrance-kubernetes.ts";

const INGRESS = "kubernetes.ingress={ host: grafana.example.org, tls: { secretName: wildcard } }";
const environment = parseEnvironment(["staging", "--set", INGRESS]);

/** A stand-in for a cluster whose controller has done its part, and whose Secrets hold these keys. */
function clusterWith(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): KubeConfig {
  const networking = {
    readNamespacedIngress: () => Promise.resolve({ status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } }),
  };
  const core = {
    readNamespacedSecret: ({ namespace, name }: { namespace: string; name: string }) => {
      const data = secrets[`${namespace}/${name}`];
      return data === undefined ? Promise.reject(new ApiException(404, "none", "", {})) : Promise.resolve({ data });
    },
  };
  const clients = new Map<unknown, unknown>([
    [NetworkingV1Api, networking],
    [CoreV1Api, core],
  ]);
  return { makeApiClient: (api: ApiConstructor<CoreV1Api>) => clients.get(api) } as unknown as KubeConfig;
}

describe("an entrance whose certificate somebody keeps in a Secret", () => {
  it("is said to lack it while there is none, or while it holds no certificate", async () => {
    expect(await describeUnfinishedEntrance(clusterWith({}), environment)).toEqual([
      "secret gpu-observability/wildcard: cannot be read (status 404)",
    ]);
    const other = { "gpu-observability/wildcard": { "ca.crt": "a", "tls.crt": "b" } };
    expect(await describeUnfinishedEntrance(clusterWith(other), environment)).toEqual([
      "secret gpu-observability/wildcard: holds no tls.key",
    ]);
  });

  it("is finished once it is there", async () => {
    const kept = { "gpu-observability/wildcard": { "tls.crt": "a", "tls.key": "b" } };
    expect(await describeUnfinishedEntrance(clusterWith(kept), environment)).toEqual([]);
  });
});
