import { agentWorkload } from "../../components/collector/workload.ts";
import { dcgmExporterWorkload, nodeExporterWorkload } from "../../components/gpu-host/workloads.ts";
import type { PlannedHost, Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";

/** What runs on the GPU hosts: agent, DCGM exporter, node exporter. */
export function planHosts(topology: Topology): readonly Deployable[] {
  return topology.hosts.flatMap((host) => planHost(host, topology));
}

function planHost(host: PlannedHost, { name, environment }: Topology): readonly Deployable[] {
  const { agent, dcgmExporter, nodeExporter, hostName, gpus, scenario, simulated } = host;
  const workloads = [
    dcgmExporterWorkload({
      placement: dcgmExporter,
      collectInterval: environment.metrics.scrapeInterval,
      ...(simulated ? { simulated: { hostName, gpus, scenario } } : {}),
    }),
    nodeExporterWorkload({ placement: nodeExporter }),
    agentWorkload({
      placement: agent,
      environment: name,
      hostName,
      gateways: host.gateways,
      scrapes: {
        "dcgm-exporter": { host: dcgmExporter.dial, port: dcgmExporter.ports.http },
        "node-exporter": { host: nodeExporter.dial, port: nodeExporter.ports.http },
      },
      scrapeInterval: environment.metrics.scrapeInterval,
      kernelLogs: host.kernelLogs,
      nvidiaLogs: host.nvidiaLogs,
    }),
  ];
  // Processes of all hosts share this machine; any other host is a machine of its own.
  const machine = host.runtime === "process" ? "this machine" : host.name;
  return workloads.map((workload) => ({ workload, runtime: host.runtime, machine }));
}
