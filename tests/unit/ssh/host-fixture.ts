import { agentWorkload } from "../../../components/collector/workload.ts";
import { dcgmExporterWorkload, nodeExporterWorkload } from "../../../components/gpu-host/workloads.ts";
import type { GoDuration } from "../../../components/core/units.ts";
import type { Placement } from "../../../components/runtime/placement.ts";
import type { HostProgram } from "../../../components/runtime/ssh/host-program.ts";
import type { HostSettings } from "../../../components/runtime/ssh/host-settings.ts";
import { KERNEL_LOG_FILE } from "../../../components/runtime/ssh/names.ts";
import { hostPaths, type Workload } from "../../../components/runtime/workload.ts";

const SUM = "0123456789abcdef".repeat(4);

/** A program pinned by digest, at an address nobody serves. */
export function archivedProgram(name: string): HostProgram {
  const build = (architecture: string) =>
    ({
      kind: "archive",
      url: `https://mirror.example.org/${name}-1.0.0-${architecture}.tar.gz`,
      checksum: { sha256: SUM },
      member: `*/${name}`,
    }) as const;
  return { version: "1.0.0", builds: { amd64: build("amd64"), arm64: build("arm64") } };
}

export const HOST: HostSettings = {
  name: "gpu-1",
  programs: { otelcol: archivedProgram("otelcol"), node_exporter: archivedProgram("node_exporter") },
};

function placement<Name extends string>(name: string, ports: Record<Name, number>, memoryMiB: number): Placement<Name> {
  return {
    name,
    bind: "127.0.0.1",
    dial: "127.0.0.1",
    ports,
    paths: hostPaths(name),
    certificateNames: [name, "198.51.100.2"],
    memoryMiB,
  };
}

export interface WorkloadOptions {
  /** @default gpu-1 */
  readonly host?: string;
  readonly environment?: string;
  readonly gateways?: readonly { host: string; port: number }[];
  /** @default 15s */
  readonly scrapeInterval?: GoDuration;
  /** Longest wait for each of them. */
  readonly deadlineSeconds?: number;
}

/** What runs on a GPU host: DCGM exporter, node exporter, agent. */
export function hostWorkloads(options: WorkloadOptions = {}): readonly Workload[] {
  const { environment = "production", host = "gpu-1", gateways, deadlineSeconds, scrapeInterval = "15s" } = options;
  const workloads = [
    dcgmExporterWorkload({ placement: placement(`${host}-dcgm-exporter`, { http: 9400 }, 768) }),
    nodeExporterWorkload({ placement: placement(`${host}-node-exporter`, { http: 9100 }, 128) }),
    agentWorkload({
      placement: placement(`${host}-agent`, { otlpGrpc: 4317, otlpHttp: 4318, health: 13133, metrics: 8887 }, 512),
      environment,
      hostName: host,
      gateways: gateways ?? [
        { host: "gateway-a.example.org", port: 4317 },
        { host: "gateway-b.example.org", port: 4317 },
      ],
      scrapes: {
        "dcgm-exporter": { host: "127.0.0.1", port: 9400 },
        "node-exporter": { host: "127.0.0.1", port: 9100 },
      },
      scrapeInterval,
      kernelLogs: [KERNEL_LOG_FILE],
      nvidiaLogs: ["/var/log/nvidia-*.log"],
    }),
  ];
  if (deadlineSeconds === undefined) return workloads;
  return workloads.map((workload) => ({ ...workload, health: { ...workload.health, deadlineSeconds } }));
}
