import { agentWorkload } from "../../components/collector/workload.ts";
import { dcgmExporterWorkload, nodeExporterWorkload } from "../../components/gpu-host/workloads.ts";
import { NODE_ROOT } from "../../components/gpu-host/settings.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import type { PlannedHost, Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";

/** What runs on the GPU hosts: agent, DCGM exporter, node exporter. */
export function planHosts(topology: Topology): readonly Deployable[] {
  return topology.hosts.flatMap((host) => planHost(host, topology));
}

function planHost(host: PlannedHost, { name, environment }: Topology): readonly Deployable[] {
  const { agent, dcgmExporter, nodeExporter, hostName, gpus, scenario, simulated } = host;
  const isNode = host.runtime === "kubernetes";
  const cluster = { name: environment.kubernetes.clusterName ?? name, rootPath: NODE_ROOT };
  const workloads = [
    dcgmExporterWorkload({
      placement: dcgmExporter,
      podNames: isNode,
      collectInterval: environment.metrics.scrapeInterval,
      startSeconds: environment.dcgmExporter.startSeconds,
      ...(simulated ? { simulated: { hostName, gpus, scenario } } : {}),
    }),
    nodeExporterWorkload({ placement: nodeExporter, ...(isNode ? { rootfs: NODE_ROOT } : {}) }),
    agentWorkload({
      placement: agent,
      environment: name,
      hostName,
      labels: host.labels,
      gateways: host.gateways,
      scrapes: {
        "dcgm-exporter": { host: dcgmExporter.dial, port: dcgmExporter.ports.http },
        "node-exporter": { host: nodeExporter.dial, port: nodeExporter.ports.http },
      },
      scrapeInterval: environment.metrics.scrapeInterval,
      kernelLogs: host.kernelLogs,
      nvidiaLogs: host.nvidiaLogs,
      ...(isNode ? { cluster } : {}),
    }),
  ];
  // Processes of all hosts share this machine; any other host, and a container, is a machine of its own.
  const machineOf = ({ name }: Workload) =>
    host.runtime === "process" ? "this machine" : host.runtime === "docker" ? name : host.name;
  return workloads.map((workload) => ({
    workload: ofPool(workload, host),
    runtime: host.runtime,
    machine: machineOf(workload),
  }));
}

/** Only the nodes of its pool, where there are several. */
function ofPool(workload: Workload, { nodeLabels }: PlannedHost): Workload {
  const { hostAccess } = workload;
  if (hostAccess === undefined || Object.keys(nodeLabels).length === 0) return workload;
  return { ...workload, hostAccess: { ...hostAccess, nodeLabels } };
}
