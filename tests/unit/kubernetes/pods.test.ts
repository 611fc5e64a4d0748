import { describe, expect, it } from "vitest";
import { CONTAINER_PATHS, type Workload } from "../../../components/runtime/workload.ts";
import {
  controllerOf,
  mountedFiles,
  objectsOf,
  ofKind,
  type PlainSpec,
  planStack,
  podOf,
  workloadOf,
} from "./planned.ts";

describe.each(["staging", "production"] as const)("the pods of %s", (stack) => {
  const { workloads, settings } = planStack(stack);
  const central = workloads.filter(({ hostAccess }) => hostAccess === undefined);
  const podOfWorkload = (workload: Workload): PlainSpec => podOf(objectsOf(workload, settings));

  it("are those of every service", () => {
    expect(workloads.map(({ service }) => service).toSorted()).toEqual(
      [
        ...["agent", "alertmanager", "dcgm-exporter", "gateway", "grafana", "greptimedb", "jaeger"],
        ...["loki", "node-exporter", "prometheus", "tempo"],
      ].toSorted(),
    );
  });

  it.each(central.map((workload) => [workload.name, workload] as const))("keep to `restricted`: %s", (_, workload) => {
    const pod = podOfWorkload(workload);
    const { runAsUser, fsGroup } = pod.securityContext;
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(runAsUser).toBeGreaterThan(0);
    // A claim belongs to root until its group is set.
    expect(fsGroup).toBe(runAsUser);
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(pod).not.toHaveProperty("hostNetwork");
    expect(pod).not.toHaveProperty("hostPID");
    expect(pod.volumes.filter((volume: object) => "hostPath" in volume)).toEqual([]);
    expect(pod.automountServiceAccountToken).toBe(false);
  });

  it.each(workloads.map((workload) => [workload.name, workload] as const))(
    "find every path they are told: %s",
    (_, workload) => {
      const objects = objectsOf(workload, settings);
      const pod = podOf(objects);
      const folders: readonly string[] = pod.containers[0].volumeMounts.map(
        ({ mountPath }: { mountPath: string }) => mountPath,
      );
      const files = mountedFiles(pod);
      const said = [...workload.args, ...Object.values(workload.env), ...Object.values(workload.files)].join("\n");
      const isMounted = (path: string) =>
        path.startsWith(`${CONTAINER_PATHS.config}/`)
          ? files.some((file) => file === path || file.startsWith(`${path}/`) || matches(path, file))
          : folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
      const paths = [...said.matchAll(/\/(?:etc|var\/lib)\/gpu-observability\/[\w./*-]*[\w*]/g)].map(([path]) => path);
      expect(paths).not.toEqual([]);
      expect(paths.filter((path) => !isMounted(path))).toEqual([]);
    },
  );

  it.each(workloads.map((workload) => [workload.name, workload] as const))(
    "can write only what is theirs: %s",
    (_, workload) => {
      const { volumeMounts } = podOfWorkload(workload).containers[0];
      const writable = volumeMounts
        .filter(({ readOnly }: { readOnly?: boolean }) => readOnly !== true)
        .map(({ mountPath }: { mountPath: string }) => mountPath);
      expect(writable).toEqual(["/tmp", ...workload.volumes.map(({ name }) => `${CONTAINER_PATHS.data}/${name}`)]);
    },
  );

  it.each(workloads.map((workload) => [workload.name, workload] as const))(
    "are asked how they are: %s",
    (_, workload) => {
      const { startupProbe, readinessProbe, livenessProbe } = podOfWorkload(workload).containers[0];
      const listener = workload.ports[workload.health.port];
      const { port } = listener ?? {};
      const isMutual = listener?.access === "mtls" || listener?.access === "mtls+token";
      for (const probe of [startupProbe, livenessProbe]) {
        if (isMutual) expect(probe.tcpSocket).toEqual({ port });
        else expect(probe.httpGet).toMatchObject({ path: workload.health.path, port });
      }
      const asker = { prometheus: "promtool", alertmanager: "amtool" }[workload.service];
      if (asker !== undefined) expect(readinessProbe.exec.command).toContain(asker);
      else
        expect([readinessProbe.tcpSocket, readinessProbe.httpGet]).toEqual([
          livenessProbe.tcpSocket,
          livenessProbe.httpGet,
        ]);
      const patience = startupProbe.periodSeconds * startupProbe.failureThreshold;
      expect(patience).toBeGreaterThanOrEqual(workload.health.deadlineSeconds);
      expect(patience).toBeLessThan(workload.health.deadlineSeconds + startupProbe.periodSeconds);
    },
  );

  it("get the memory they were planned with, reserved and limited, and Go its share of it", () => {
    for (const workload of workloads) {
      const { resources, env } = podOfWorkload(workload).containers[0];
      const memory = `${workload.resources.memoryMiB}Mi`;
      expect(resources).toEqual({
        requests: { cpu: `${Math.ceil(workload.resources.cpu * 1000)}m`, memory },
        limits: { memory },
      });
      const goLimit = workload.env["GOMEMLIMIT"] ?? `${Math.floor(workload.resources.memoryMiB * 0.8)}MiB`;
      expect(env).toContainEqual({ name: "GOMEMLIMIT", value: goLimit });
    }
  });

  it("know their own names and their node's", () => {
    for (const workload of workloads) {
      const fields = podOfWorkload(workload).containers[0].env.flatMap(({ name, valueFrom }: PlainSpec) =>
        valueFrom === undefined ? [] : [[name, valueFrom.fieldRef.fieldPath]],
      );
      expect(Object.fromEntries(fields)).toEqual({
        HOST_NAME: "spec.nodeName",
        HOST_IP: "status.hostIP",
        POD_NAME: "metadata.name",
        POD_IP: "status.podIP",
        POD_NAMESPACE: "metadata.namespace",
      });
    }
  });

  it("have a disruption budget, and stand apart, exactly when there are several", () => {
    for (const workload of workloads) {
      const objects = objectsOf(workload, settings);
      const isSeveral = (workload.replicas ?? 1) > 1;
      expect(ofKind(objects, "PodDisruptionBudget")).toHaveLength(isSeveral ? 1 : 0);
      const constraints = podOf(objects).topologySpreadConstraints ?? [];
      expect(constraints.map(({ topologyKey }: PlainSpec) => topologyKey)).toEqual(
        isSeveral ? ["kubernetes.io/hostname", "topology.kubernetes.io/zone"] : [],
      );
    }
    expect(workloadOf(workloads, "gateway").replicas).toBeGreaterThanOrEqual(2);
  });

  it("get longer to stop when they have something to write out", () => {
    for (const workload of workloads) {
      const hasState = workload.volumes.some(({ stateful }) => stateful);
      expect(podOfWorkload(workload).terminationGracePeriodSeconds).toBe(hasState ? 300 : 60);
    }
  });

  it("carry a digest of their secrets exactly when they have some", () => {
    for (const workload of workloads) {
      const objects = objectsOf(workload, settings);
      const { annotations = {} } = controllerOf(objects).spec.template.metadata;
      const hasSecrets = workload.certificate !== undefined || Object.keys(workload.secretFiles).length > 0;
      expect("gpu-observability/secrets-digest" in annotations).toBe(hasSecrets);
      expect(ofKind(objects, "Secret")).toHaveLength(hasSecrets ? 1 : 0);
    }
  });
});

/** Whether a file is one of a pattern such as `rules/*.yml`. */
function matches(pattern: string, file: string): boolean {
  if (!pattern.includes("*")) return false;
  const expression = pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
  return new RegExp(`^${expression}$`).test(file);
}
