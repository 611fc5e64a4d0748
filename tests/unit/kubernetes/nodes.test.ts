import { describe, expect, it } from "vitest";
import { planTopology } from "../../../infra/topology/plan.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { controllerOf, objectsOf, ofKind, type PlainSpec, planStack, podOf, workloadOf } from "./planned.ts";

const { workloads, settings } = planStack("production");
const onNodes = workloads.filter(({ hostAccess }) => hostAccess !== undefined);
const podOfService = (service: string): PlainSpec => podOf(objectsOf(workloadOf(workloads, service), settings));

describe("what runs on GPU nodes", () => {
  it("is the agent and both exporters, and nothing else is", () => {
    expect(onNodes.map(({ service }) => service).toSorted()).toEqual(["agent", "dcgm-exporter", "node-exporter"]);
    for (const workload of workloads) {
      const isOnNodes = onNodes.includes(workload);
      expect(controllerOf(objectsOf(workload, settings)).kind === "DaemonSet").toBe(isOnNodes);
    }
  });

  it("goes to nodes with the planned labels, past the planned taints, in a namespace of its own", () => {
    for (const workload of onNodes) {
      const objects = objectsOf(workload, settings);
      expect(podOf(objects)).toMatchObject({
        nodeSelector: { "nvidia.com/gpu.present": "true" },
        tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
        hostNetwork: true,
        dnsPolicy: "ClusterFirstWithHostNet",
      });
      for (const { metadata } of objects) expect([undefined, "gpu-observability-hosts"]).toContain(metadata.namespace);
    }
  });

  it("sees its node's folders read-only, and keeps its own on the node", () => {
    for (const workload of onNodes) {
      const { volumes, containers } = podOf(objectsOf(workload, settings));
      const fromNode = volumes.filter(({ hostPath }: PlainSpec) => hostPath !== undefined);
      expect(fromNode.map(({ hostPath }: PlainSpec) => hostPath.path).toSorted()).toEqual(
        [
          ...(workload.hostAccess?.mounts ?? []).map(({ hostPath }) => hostPath),
          ...workload.volumes.map(({ name }) => `/var/lib/gpu-observability/${workload.name}/${name}`),
        ].toSorted(),
      );
      for (const { mountPath } of workload.hostAccess?.mounts ?? []) {
        expect(containers[0].volumeMounts).toContainEqual(expect.objectContaining({ mountPath, readOnly: true }));
      }
    }
  });

  it("is probed on the loopback it listens on", () => {
    for (const workload of onNodes) {
      expect(podOf(objectsOf(workload, settings)).containers[0].readinessProbe.httpGet.host).toBe("127.0.0.1");
    }
  });

  it("has no capability but what profiling counters need", () => {
    const added = onNodes.map(({ service }) => [
      service,
      podOfService(service).containers[0].securityContext.capabilities,
    ]);
    expect(Object.fromEntries(added)).toEqual({
      agent: { drop: ["ALL"] },
      "node-exporter": { drop: ["ALL"] },
      "dcgm-exporter": { drop: ["ALL"], add: ["SYS_ADMIN"] },
    });
    const exporter = workloadOf(workloads, "dcgm-exporter");
    const files = Object.fromEntries(
      Object.entries(exporter.files).map(([path, text]) => [path, text.replace(/^DCGM_FI_PROF_.*$/gm, "")]),
    );
    const without = podOf(objectsOf({ ...exporter, files }, settings));
    expect(without.containers[0].securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(without.containers[0].securityContext.capabilities).not.toHaveProperty("add");
  });

  it("shares processes with its node only where it watches them, and GPUs only where it reads them", () => {
    expect(
      onNodes.filter(({ service }) => podOfService(service).hostPID === true).map(({ service }) => service),
    ).toEqual(["node-exporter"]);
    const seesGpus = ({ service }: { readonly service: string }) =>
      podOfService(service).containers[0].env.some(({ name }: PlainSpec) => name === "NVIDIA_VISIBLE_DEVICES");
    expect(onNodes.filter(seesGpus).map(({ service }) => service)).toEqual(["dcgm-exporter"]);
    const withClass = { ...settings, runtimeClass: "nvidia" };
    const classes = onNodes.map((workload) => [
      workload.service,
      podOf(objectsOf(workload, withClass)).runtimeClassName,
    ]);
    expect(Object.fromEntries(classes)).toEqual({
      "dcgm-exporter": "nvidia",
      "node-exporter": undefined,
      agent: undefined,
    });
  });

  it("asks the API server for nothing but pods and their owners, and only the agent does", () => {
    const roles = workloads.flatMap((workload) => ofKind(objectsOf(workload, settings), "ClusterRole"));
    expect(roles.map(({ metadata }) => metadata.name)).toEqual(["gpu-observability-gpu-nodes-agent"]);
    expect(roles[0]?.rules?.flatMap(({ resources, verbs }) => resources.map((one) => [one, ...verbs]))).toEqual([
      ["pods", "get", "list", "watch"],
      ["replicasets", "get", "list", "watch"],
    ]);
    for (const workload of workloads) {
      const { automountServiceAccountToken } = podOf(objectsOf(workload, settings));
      expect(automountServiceAccountToken).toBe(workload.service === "agent");
    }
  });

  it("gives dcgm-exporter memory by the number of GPUs", () => {
    const environment = readEnvironment(PROJECT_ROOT, "production");
    const limitWith = (gpus: number) => {
      const hosts = environment.hosts.map((host) => ({ ...host, gpus }));
      const planned = planDeployables(planTopology({ ...environment, hosts }));
      const exporter = planned.find(
        ({ workload, runtime }) => runtime === "kubernetes" && workload.service === "dcgm-exporter",
      );
      if (exporter === undefined) throw new Error("no dcgm-exporter on Kubernetes");
      return podOf(objectsOf(exporter.workload, settings)).containers[0].resources.limits.memory as string;
    };
    expect([1, 8, 16].map(limitWith)).toEqual(["320Mi", "768Mi", "1280Mi"]);
  });
});
