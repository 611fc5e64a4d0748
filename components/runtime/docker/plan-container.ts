import { ConfigError } from "../../core/errors.ts";
import { schemeOf } from "../health-command.ts";
import { programEnvironment } from "../program-environment.ts";
import { CONTAINER_PATHS, within, type Workload } from "../workload.ts";
import type { ContainerPlan, PlannedVolume, Probe, PublishedPort } from "./container-plan.ts";
import type { ContainerImage } from "./image.ts";
import { planFiles } from "./plan-files.ts";
import { planHealthCheck } from "./plan-health.ts";

/** Weight of one core. */
const SHARES_PER_CORE = 1024;
/** The least the kernel takes. */
const LEAST_SHARES = 2;
/** Nobody's on any machine; files that are secret belong to it. */
export const CONTAINER_USER = "10001";

/** A volume of another workload that this one reads. */
export interface BorrowedVolume {
  /** Name of the workload it belongs to. */
  readonly workload: string;
  readonly volume: string;
}

export interface ContainerSettings {
  /** In front of every name on the engine: `gpu-observability-dev`. */
  readonly prefix: string;
  readonly image: ContainerImage;
  /** Loopback address of the engine's machine that offers the workload's ports. @default none: only containers reach it */
  readonly publishOn?: string | undefined;
  /** Whether this program's machine reaches `publishOn`: true for an engine on the same machine. @default true */
  readonly isLocal?: boolean;
  /** Volumes it reads, at the path its own would have. @default none */
  readonly borrows?: readonly BorrowedVolume[];
  /** Largest size of its log in MiB. @default 20 */
  readonly logCapMiB?: number;
}

/**
 * Decides the container of a workload.
 *
 * @throws ConfigError when it asks for several copies, or would publish on an address that is not loopback
 */
export function planContainer(workload: Workload, settings: ContainerSettings): ContainerPlan {
  const { prefix, image, publishOn, borrows = [], logCapMiB = 20 } = settings;
  validate(workload, publishOn);
  const { name, service, resources, hostAccess } = workload;
  const health = planHealthCheck(workload);
  const files = [...planFiles(workload), ...health.files];
  const probe = health.check === undefined ? planProbe(workload, settings) : undefined;
  // Reading all of a GPU takes more than its device files: profiling counters are the administrator's.
  const access =
    hostAccess?.gpus === true ? { user: "0", capabilities: ["SYS_ADMIN"] } : { user: CONTAINER_USER, capabilities: [] };
  return {
    name: `${prefix}-${name}`,
    alias: name,
    image,
    args: workload.args,
    env: programEnvironment(workload),
    files,
    volumes: planVolumes(workload, prefix, borrows),
    binds: [...(image.mounts ?? []), ...(hostAccess?.mounts ?? [])],
    ports: publishOn === undefined ? [] : planPorts(workload, publishOn),
    ...access,
    memoryMiB: resources.memoryMiB,
    cpuShares: Math.max(LEAST_SHARES, Math.round(resources.cpu * SHARES_PER_CORE)),
    gpus: hostAccess?.gpus ?? false,
    hostProcesses: hostAccess?.processes ?? false,
    readOnlyRoot: files.length === 0 && workload.volumes.length === 0,
    ...(health.check === undefined ? {} : { healthCheck: health.check }),
    ...(probe === undefined ? {} : { probe }),
    labels: {
      "gpu-observability.environment": prefix,
      "gpu-observability.service": service,
      "gpu-observability.workload": name,
    },
    logCapMiB,
  };
}

function planVolumes(
  { name, volumes }: Workload,
  prefix: string,
  borrows: readonly BorrowedVolume[],
): readonly PlannedVolume[] {
  const mount = (workload: string, volume: string, readOnly: boolean): PlannedVolume => ({
    name: `${prefix}-${workload}-${volume}`,
    mountPath: within(CONTAINER_PATHS.data, volume),
    readOnly,
  });
  return [
    ...volumes.map((volume) => mount(name, volume.name, false)),
    ...borrows.map((borrowed) => mount(borrowed.workload, borrowed.volume, true)),
  ];
}

/** What binds the container's own loopback address cannot be published. */
function planPorts({ ports }: Workload, address: string): readonly PublishedPort[] {
  return Object.values(ports)
    .filter(({ host }) => !isLoopback(host))
    .flatMap(({ port, protocol }) =>
      (protocol.split("+") as PublishedPort["protocol"][]).map((one) => ({ address, port, protocol: one })),
    );
}

function planProbe(
  { name, health, ports }: Workload,
  { publishOn, isLocal = true }: ContainerSettings,
): Probe | undefined {
  const listener = ports[health.port];
  if (publishOn === undefined || !isLocal || listener === undefined || isLoopback(listener.host)) return undefined;
  const { path, deadlineSeconds } = health;
  return {
    scheme: schemeOf(listener, health),
    address: publishOn,
    port: listener.port,
    path,
    serverName: name,
    deadlineSeconds,
  };
}

function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "::1" || host === "localhost";
}

function validate({ name, replicas = 1 }: Workload, publishOn: string | undefined): void {
  const problems = [
    ...(replicas > 1 ? [severalCopies(name, replicas)] : []),
    ...(publishOn !== undefined && !isLoopback(publishOn) ? [openToTheWorld(name, publishOn)] : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

function severalCopies(name: string, replicas: number) {
  return {
    path: `workload ${name}: replicas`,
    expected: "1: a Docker engine runs one container of a name",
    got: String(replicas),
    fix: "plan one workload for each replica, or use the kubernetes runtime",
  };
}

function openToTheWorld(name: string, address: string) {
  return {
    path: `workload ${name}: published address`,
    expected: "a loopback address such as 127.0.0.1: a port published elsewhere passes the machine's firewall",
    got: address,
    fix: "publish on 127.0.0.1 and reach it through ssh",
  };
}
