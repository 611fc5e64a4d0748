import { type Downgrade, drop, edit, editContainer, editFile, editPod, type Json } from "./downgrade.ts";
import { urnOf } from "../processes.ts";

const IMAGES = "images-pinned";
const REDUNDANT = "gateways-redundant";
const BUDGETS = "disruption-budgets";
const RETENTION = "retention-set";
const ALERTS = "alerts-reach-somebody";
const STATE = "state-protected";
const image = (text: string) => editContainer("StatefulSet tempo", (container) => (container.image = text));
/** What somebody may do to images, sizes, replicas and what is kept. */
export const WORKLOAD_DOWNGRADES: readonly Downgrade[] = [
  { name: "an image called latest", rule: IMAGES, says: "another one tomorrow", apply: image("grafana/tempo:latest") },
  { name: "an image without a version", rule: IMAGES, says: "has no version", apply: image("grafana/tempo") },
  {
    name: "an image of a registry with a port and no version",
    rule: IMAGES,
    says: "has no version",
    apply: image("registry.internal:5000/grafana/tempo"),
  },
  {
    name: "a container without a memory limit",
    rule: "requests-and-limits",
    says: "no memory limit",
    apply: editContainer("StatefulSet jaeger", (container) => delete container.resources.limits.memory),
  },
  {
    name: "a container that reserves nothing",
    rule: "requests-and-limits",
    says: "no memory request, no CPU request",
    apply: editContainer("DaemonSet gpu-nodes-node-exporter", (container) => delete container.resources.requests),
  },
  {
    name: "dcgm-exporter with the usual 512Mi on 8 GPUs",
    rule: "gpu-exporter-memory",
    says: "limit of 512 MiB, 8 GPUs need 768 MiB",
    apply: editContainer(
      "DaemonSet gpu-nodes-dcgm-exporter",
      (container) => (container.resources.limits.memory = "512Mi"),
    ),
  },
  {
    name: "an object without labels",
    rule: "labels-standard",
    says: "without app.kubernetes.io/part-of, app.kubernetes.io/managed-by",
    apply: edit("PodDisruptionBudget loki", (props) => delete props.metadata.labels),
  },
  {
    name: "pods without a component label",
    rule: "labels-standard",
    says: "pods: without app.kubernetes.io/component",
    apply: edit("DaemonSet gpu-nodes-agent", (props) => {
      delete props.spec.template.metadata.labels["app.kubernetes.io/component"];
    }),
  },
  {
    name: "two programs of the GPU nodes on one port",
    rule: "no-port-clashes",
    says: "127.0.0.1:9400 is already the port of DaemonSet gpu-observability-hosts/gpu-nodes-dcgm-exporter",
    apply: editContainer("DaemonSet gpu-nodes-node-exporter", (container) => {
      const others = container.args.filter((text: string) => !text.startsWith("--web.listen-address"));
      container.args = ["--web.listen-address=127.0.0.1:9400", ...others];
      container.ports = [];
    }),
  },
  {
    name: "one gateway",
    rule: REDUNDANT,
    says: "StatefulSet gpu-observability/gateway: 1 run, at least 2 must",
    apply: edit("StatefulSet gateway", (props) => (props.spec.replicas = 1)),
  },
  {
    name: "one Prometheus",
    rule: REDUNDANT,
    says: "Fix: set prometheus.replicas: 2",
    apply: edit("StatefulSet prometheus", (props) => (props.spec.replicas = 1)),
  },
  {
    name: "two Alertmanagers",
    rule: REDUNDANT,
    says: "2 run, at least 3 must",
    apply: edit("StatefulSet alertmanager", (props) => (props.spec.replicas = 2)),
  },
  {
    name: "no PodDisruptionBudget",
    rule: BUDGETS,
    says: "draining nodes may take every replica",
    apply: drop("PodDisruptionBudget gateway"),
  },
  {
    name: "a PodDisruptionBudget that lets none go",
    rule: BUDGETS,
    says: "no node can be drained",
    apply: edit("PodDisruptionBudget gateway", (props) => (props.spec.maxUnavailable = 0)),
  },
  {
    name: "a PodDisruptionBudget that lets all go",
    rule: BUDGETS,
    says: "lets all go at once",
    apply: edit("PodDisruptionBudget gateway", (props) => (props.spec.maxUnavailable = "100%")),
  },
  {
    name: "replicas on one node",
    rule: "replicas-spread",
    says: "StatefulSet gpu-observability/gateway: one node may hold every replica",
    apply: editPod("StatefulSet gateway", (spec) => {
      delete spec.topologySpreadConstraints;
      delete spec.affinity;
    }),
  },
  {
    name: "a Prometheus that keeps everything",
    rule: RETENTION,
    says: "keeps everything for ever. Fix: set prometheus.retention: 15d",
    apply: editContainer("StatefulSet prometheus", (container) => {
      container.args = container.args.filter((text: string) => !text.startsWith("--storage.tsdb.retention"));
    }),
  },
  {
    name: "a Loki whose compactor deletes nothing",
    rule: RETENTION,
    says: "its compactor deletes nothing",
    apply: editFile("loki", "loki.yaml", (tree) => delete tree.compactor.retention_enabled),
  },
  {
    name: "a Tempo that keeps everything",
    rule: RETENTION,
    says: "Fix: set tempo.retention: 15d",
    apply: editFile("tempo", "tempo.yaml", (tree) => (tree.compactor.compaction.block_retention = "0s")),
  },
  {
    name: "critical alerts that nobody hears of",
    rule: ALERTS,
    says: "a critical alert is told to nobody",
    apply: editFile("alertmanager", "alertmanager.yml", (tree) => {
      tree.route.routes.find(({ matchers }: Json) => matchers[0] === 'severity="critical"').routes = [];
    }),
  },
  {
    name: "a Prometheus that knows no Alertmanager",
    rule: ALERTS,
    says: "sends its alerts to no Alertmanager",
    apply: editFile("prometheus", "prometheus.yml", (tree) => delete tree.alerting),
  },
  {
    name: "volumes that go with their set",
    rule: STATE,
    says: "persistentVolumeClaimRetentionPolicy.whenDeleted deletes its volumes",
    apply: edit("StatefulSet prometheus", (props) => {
      props.spec.persistentVolumeClaimRetentionPolicy.whenDeleted = "Delete";
    }),
  },
  {
    name: "a claim of its own that the engine may delete",
    rule: STATE,
    says: "PersistentVolumeClaim gpu-observability/archive: the engine may delete it",
    apply: (resources) => [...resources, unprotectedClaim()],
  },
  {
    name: "a backend that keeps its data in the pod",
    rule: STATE,
    says: "StatefulSet gpu-observability/jaeger: keeps its data in the pod",
    apply: edit("StatefulSet jaeger", (props) => (props.spec.volumeClaimTemplates = [])),
  },
];

function unprotectedClaim() {
  const labels = { "app.kubernetes.io/part-of": "gpu-observability", "app.kubernetes.io/managed-by": "pulumi" };
  const metadata = { name: "archive", namespace: "gpu-observability", labels };
  const type = "kubernetes:core/v1:PersistentVolumeClaim";
  const props = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata };
  return { type, urn: urnOf("production", type, "archive"), props, protect: false };
}
