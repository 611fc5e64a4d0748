import type { Components } from "./config.ts";
import { TYPES } from "./names.ts";
import type { AgentSettings } from "./settings.ts";

/** Resource attributes of an agent's own node. */
export function clusterAttributes({ cluster, hostName }: AgentSettings): readonly object[] {
  if (cluster === undefined) return [];
  return [
    { key: "k8s.cluster.name", value: cluster.name, action: "upsert" },
    { key: "k8s.node.name", value: hostName, action: "upsert" },
  ];
}

/** Processors that say which pod something came from, by the address it came from; they ask for the node's own pods. */
export function renderPodAttributes({ cluster }: AgentSettings): Components {
  if (cluster === undefined) return {};
  return {
    [TYPES.processor.k8sAttributes]: {
      auth_type: "serviceAccount",
      filter: { node_from_env_var: "HOST_NAME" },
      extract: {
        metadata: [
          "k8s.namespace.name",
          "k8s.pod.name",
          "k8s.pod.uid",
          "k8s.deployment.name",
          "k8s.statefulset.name",
          "k8s.daemonset.name",
          "k8s.job.name",
        ],
      },
      pod_association: [{ sources: [{ from: "connection" }] }],
    },
  };
}

/** Pods have a localhost of their own: they send to their node's address, which Kubernetes tells them. */
export function receiveOn({ placement, cluster }: Pick<AgentSettings, "placement" | "cluster">): string {
  return cluster === undefined ? placement.bind : "${env:HOST_IP}";
}
