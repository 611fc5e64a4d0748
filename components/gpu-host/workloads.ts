import { toAddress } from "../core/endpoint.ts";
import { toSeconds } from "../core/units.ts";
import { within, type HostAccess, type Listener, type Workload, type WorkloadPaths } from "../runtime/workload.ts";
import type { Placement } from "../runtime/placement.ts";
import { COUNTERS_FILE, toCountersCsv } from "./render-counters.ts";
import { nodeExporterArgs } from "./render-node-exporter.ts";
import { toScenarioYaml } from "./scenarios/catalogue.ts";
import type { DcgmExporterSettings, NodeExporterSettings, SimulatedHost } from "./settings.ts";

const SCENARIO_FILE = "scenario.yaml";
/** Two files of this size at most: the log and the one before. */
const KERNEL_LOG_CAP_MIB = 4;

/** Where a simulated host keeps its kern.log, from the simulator's own folder. */
export function simulatedKernelLog(paths: WorkloadPaths): string {
  return within(paths.data, "log/kern.log");
}

/** Where kubelet tells which pod has which GPU. */
const POD_RESOURCES = "/var/lib/kubelet/pod-resources";
const EXPORTER_ACCESS: HostAccess = {
  mounts: [{ hostPath: POD_RESOURCES, mountPath: POD_RESOURCES }],
  gpus: true,
  processes: false,
  podNames: false,
};

/** dcgm-exporter of one host, or the simulator that stands in for it (S0-74). */
export function dcgmExporterWorkload(settings: DcgmExporterSettings): Workload {
  const { placement, simulated } = settings;
  const collectMs = toSeconds(settings.collectInterval ?? "15s") * 1000;
  const base = exporter("dcgm-exporter", placement, "/health");
  const workload = {
    ...base,
    health: { ...base.health, deadlineSeconds: settings.startSeconds ?? 120 },
    files: { [COUNTERS_FILE]: toCountersCsv() },
    resources: { memoryMiB: placement.memoryMiB, cpu: 0.1 },
  };
  if (simulated !== undefined) return simulator(workload, placement, simulated, collectMs);
  const engine = settings.hostEngine === undefined ? [] : ["-r", settings.hostEngine];
  const jobs = settings.jobMappingFolder === undefined ? [] : ["--hpc-job-mapping-dir", settings.jobMappingFolder];
  const counters = within(placement.paths.config, COUNTERS_FILE);
  const pods = settings.podNames === true ? ["--kubernetes"] : [];
  const args = ["-f", counters, "-a", listenAddress(placement), "-c", String(collectMs), ...engine, ...jobs, ...pods];
  return { ...workload, args, ...(settings.podNames === true ? { hostAccess: EXPORTER_ACCESS } : {}) };
}

/** node_exporter of one host (S0-75). */
export function nodeExporterWorkload({ placement, rootfs = "/" }: NodeExporterSettings): Workload {
  return {
    ...exporter("node-exporter", placement, "/"),
    program: "node_exporter",
    args: nodeExporterArgs(listenAddress(placement), within(placement.paths.data, "textfile"), rootfs),
    // Scripts of the host leave metrics here (`*.prom`).
    volumes: [{ name: "textfile", sizeMiB: 8, stateful: false }],
    resources: { memoryMiB: placement.memoryMiB, cpu: 0.05 },
    ...(rootfs === "/" ? {} : { hostAccess: rootAccess(rootfs) }),
  };
}

function rootAccess(mountPath: string): HostAccess {
  return { mounts: [{ hostPath: "/", mountPath }], gpus: false, processes: true, podNames: false };
}

function simulator(base: Workload, placement: Placement<"http">, host: SimulatedHost, collectMs: number): Workload {
  const { paths } = placement;
  const options = {
    listen: listenAddress(placement),
    counters: within(paths.config, COUNTERS_FILE),
    scenario: within(paths.config, SCENARIO_FILE),
    hostname: host.hostName,
    "kern-log": simulatedKernelLog(paths),
    "kern-log-format": host.kernelLogFormat ?? "traditional",
    "kern-log-cap-mib": String(KERNEL_LOG_CAP_MIB),
    "interval-ms": String(collectMs),
  };
  return {
    ...base,
    program: "dcgm-simulator",
    args: Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    files: { ...base.files, [SCENARIO_FILE]: toScenarioYaml(host.scenario, host.gpus) },
    // Node.js sizes its heap by the machine; a few MiB are in use.
    env: { NODE_OPTIONS: "--max-old-space-size=64 --max-semi-space-size=1" },
    volumes: [{ name: "log", sizeMiB: 4 * KERNEL_LOG_CAP_MIB, stateful: false }],
  };
}

/** What both exporters share: plaintext on the host's own loopback, no certificate, no secret. */
function exporter(service: string, placement: Placement<"http">, path: string): Omit<Workload, "resources"> {
  const { name, bind, ports } = placement;
  const http: Listener = { host: bind, port: ports.http, protocol: "tcp", access: "plaintext" };
  return {
    name,
    service,
    program: service,
    args: [],
    files: {},
    secretFiles: {},
    env: {},
    ports: { http },
    volumes: [],
    health: { port: "http", path, deadlineSeconds: 30 },
  };
}

function listenAddress({ bind, ports }: Placement<"http">): string {
  return toAddress({ host: bind, port: ports.http });
}
