import type { KubeObject } from "./api.ts";

/** The kind of machine a node stands for. */
export interface NodeKind {
  readonly gpu: boolean;
  /** GPUs of a GPU node. @default 8 */
  readonly gpus?: number;
  /** Whether GPU nodes keep away what does not tolerate `nvidia.com/gpu`, as many clusters do. @default false */
  readonly tainted?: boolean;
}

const ZONES = ["zone-a", "zone-b", "zone-c"];

/** Nodes as a kubelet and NVIDIA's feature discovery describe theirs; `gpu-0`, `cpu-0` and on. */
export function nodesOf(first: number, count: number, kind: NodeKind): KubeObject[] {
  return Array.from({ length: count }, (_, index) => nodeOf(first + index, kind));
}

function nodeOf(index: number, { gpu, gpus = 8, tainted = false }: NodeKind): KubeObject {
  const name = `${gpu ? "gpu" : "cpu"}-${index}`;
  const resources = gpu
    ? { cpu: "128", memory: "1Ti", pods: "110", "nvidia.com/gpu": String(gpus) }
    : { cpu: "32", memory: "128Gi", pods: "110" };
  const taints = gpu && tainted ? [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] : [];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "region-1",
        "topology.kubernetes.io/zone": ZONES[index % ZONES.length] ?? "zone-a",
        ...(gpu ? { "nvidia.com/gpu.present": "true", "nvidia.com/gpu.count": String(gpus) } : {}),
      },
    },
    spec: { taints },
    status: { capacity: resources, allocatable: resources },
  };
}
