import { describe, expect, it } from "vitest";
import { deadlineOf } from "../../../components/runtime/kubernetes/deadline.ts";
import { controllerOf, foundationOf, objectsOf, ofKind, planStack, workloadOf } from "./planned.ts";

const { workloads, settings } = planStack("production");
const gateway = workloadOf(workloads, "gateway");
const specOf = (workload = gateway, with_ = settings) => controllerOf(objectsOf(workload, with_)).spec;

describe("copies of a workload", () => {
  it("are a StatefulSet with a volume each where they keep something, or have names", () => {
    expect(controllerOf(objectsOf(gateway, settings)).kind).toBe("StatefulSet");
    expect(specOf().volumeClaimTemplates).toMatchObject([
      { metadata: { name: "data-queue" }, spec: { resources: { requests: { storage: "10240Mi" } } } },
    ]);
    const grafana = objectsOf(workloadOf(workloads, "grafana"), settings);
    expect(controllerOf(grafana).kind).toBe("StatefulSet");
    expect(controllerOf(grafana).spec).not.toHaveProperty("volumeClaimTemplates");
  });

  it("are a Deployment where they neither keep anything nor have names", () => {
    const inMemory = { ...workloadOf(workloads, "jaeger"), volumes: [] };
    expect(controllerOf(objectsOf(inMemory, settings)).kind).toBe("Deployment");
  });

  it("keep their volumes when one is scaled away, and when all are removed as far as the settings say", () => {
    const retention = (keepData: boolean) =>
      specOf(gateway, { ...settings, keepData }).persistentVolumeClaimRetentionPolicy;
    expect(retention(true)).toEqual({ whenDeleted: "Retain", whenScaled: "Retain" });
    expect(retention(false)).toEqual({ whenDeleted: "Delete", whenScaled: "Retain" });
  });

  it("claim volumes of the named class, or of the cluster's own", () => {
    const classOf = (storageClass?: string) =>
      specOf(gateway, { ...settings, storageClass }).volumeClaimTemplates[0].spec.storageClassName;
    expect([classOf("fast"), classOf()]).toEqual(["fast", undefined]);
  });

  it("are mended by the next version although they never got ready", () => {
    for (const workload of workloads) {
      const { kind, spec } = controllerOf(objectsOf(workload, settings));
      if (kind === "StatefulSet") expect(spec.podManagementPolicy).toBe("Parallel");
    }
  });

  it("are raised under load, never lowered, within the planned bounds", () => {
    const [scaler] = ofKind(objectsOf(gateway, settings), "HorizontalPodAutoscaler");
    expect(scaler?.spec).toMatchObject({
      scaleTargetRef: { kind: "StatefulSet", name: "gateway" },
      minReplicas: 2,
      maxReplicas: 6,
      behavior: { scaleDown: { selectPolicy: "Disabled" } },
    });
    const scaled = workloads.filter(
      (workload) => ofKind(objectsOf(workload, settings), "HorizontalPodAutoscaler").length > 0,
    );
    expect(scaled.map(({ name }) => name)).toEqual(["gateway"]);
    expect(ofKind(objectsOf({ ...gateway, maxReplicas: 2 }, settings), "HorizontalPodAutoscaler")).toEqual([]);
  });
});

describe("services", () => {
  it("are headless for a set, so that each copy has its name, and have one address for a single copy", () => {
    const addressOf = (service: string) =>
      ofKind(objectsOf(workloadOf(workloads, service), settings), "Service")[0]?.spec.clusterIP as string | undefined;
    expect([addressOf("gateway"), addressOf("loki"), addressOf("jaeger")]).toEqual(["None", "None", undefined]);
  });

  it("name copies before they are ready exactly where copies find each other by name", () => {
    const early = workloads.filter((workload) =>
      ofKind(objectsOf(workload, settings), "Service").some(({ spec }) => spec.publishNotReadyAddresses === true),
    );
    expect(early.map(({ name }) => name).toSorted()).toEqual([
      "alertmanager",
      // Scraped by the name's records, where a copy that is down must stay.
      "gateway",
      "loki",
      "tempo",
    ]);
  });

  it("let hosts in at the gateways' OTLP ports alone, with their own addresses", () => {
    const doors = workloads.flatMap((workload) =>
      ofKind(objectsOf(workload, settings), "Service").filter(({ metadata }) => metadata.name.endsWith("-hosts")),
    );
    expect(doors.map(({ metadata }) => metadata.name)).toEqual(["gateway-hosts"]);
    expect(doors[0]?.spec).toMatchObject({
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerSourceRanges: settings.hostNetworks,
    });
    expect(doors[0]?.spec.ports.map(({ port }: { port: number }) => port)).toEqual([4317, 4318]);
  });

  it("have port names that SRV records and containers take", () => {
    for (const workload of workloads) {
      const ports = controllerOf(objectsOf(workload, settings)).spec.template.spec.containers[0].ports;
      const names: readonly string[] = ports.map(({ name }: { name: string }) => name);
      expect(names).toHaveLength(Object.keys(workload.ports).length);
      for (const name of names) expect(name).toMatch(/^(?=.{1,15}$)[a-z0-9]+(-[a-z0-9]+)*$/);
    }
  });
});

describe("labels", () => {
  it("are the recommended six, on every object", () => {
    for (const object of workloads.flatMap((workload) => objectsOf(workload, settings))) {
      const { labels } = object.metadata;
      expect(Object.keys(labels).toSorted()).toEqual(
        ["component", "instance", "managed-by", "name", "part-of", "version"].map((one) => `app.kubernetes.io/${one}`),
      );
      expect(labels["app.kubernetes.io/version"]).toMatch(/^v?\d/);
    }
  });

  it("read the version of an image behind a registry's port, and before a digest", () => {
    const image = `registry.example:5000/otelcol:0.145.0@sha256:${"0".repeat(64)}`;
    const [object] = objectsOf(gateway, { ...settings, resolveImage: () => ({ image }) });
    expect(object?.metadata.labels["app.kubernetes.io/version"]).toBe("0.145.0");
    const [untagged] = objectsOf(gateway, {
      ...settings,
      resolveImage: () => ({ image: "registry.example:5000/otelcol" }),
    });
    expect(untagged?.metadata.labels["app.kubernetes.io/version"]).toBe("unknown");
  });
});

describe("the foundation", () => {
  it("enforces `restricted` everywhere but where nodes are seen", () => {
    const levels = ofKind(foundationOf(settings), "Namespace").map(({ metadata }) => [
      metadata.name,
      metadata.labels["pod-security.kubernetes.io/enforce"],
    ]);
    expect(Object.fromEntries(levels)).toEqual({
      "gpu-observability": "restricted",
      "gpu-observability-hosts": "privileged",
    });
  });

  it("drives nobody from a node", () => {
    const classes = ofKind(foundationOf(settings), "PriorityClass") as readonly {
      readonly preemptionPolicy?: string;
    }[];
    expect(classes.map(({ preemptionPolicy }) => preemptionPolicy)).toEqual(["Never", "Never", "Never"]);
  });
});

describe("the deadline of a workload", () => {
  it("is its own, the fetching of an image, and on an update a turn for each copy", () => {
    const grafana = workloadOf(workloads, "grafana");
    expect(deadlineOf(grafana, { pullSeconds: 10 })).toMatchObject({ create: "100s", update: "160s" });
    expect(deadlineOf(gateway, {})).toMatchObject({ create: "360s", update: "540s" });
    const agent = workloadOf(workloads, "agent");
    expect(deadlineOf(agent, { pullSeconds: 10 })).toMatchObject({ create: "70s", update: "370s" });
  });
});
