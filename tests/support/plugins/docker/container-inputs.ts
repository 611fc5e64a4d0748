import type Docker from "dockerode";
import { toLabels } from "./naming.ts";

/** Inputs of a container that this stand-in carries out; it refuses any other. */
export interface ContainerInputs {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoints?: readonly string[];
  readonly envs?: readonly string[];
  readonly hostname?: string;
  readonly user?: string;
  readonly workingDir?: string;
  readonly labels?: unknown;
  readonly networksAdvanced?: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
  readonly networkMode?: string;
  readonly pidMode?: string;
  readonly ports?: readonly Port[];
  readonly volumes?: readonly Mounted[];
  readonly uploads?: readonly Upload[];
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly capabilities?: { readonly adds?: readonly string[]; readonly drops?: readonly string[] };
  readonly securityOpts?: readonly string[];
  readonly readOnly?: boolean;
  readonly memory?: number;
  readonly memorySwap?: number;
  readonly cpuShares?: number;
  readonly gpus?: string;
  readonly restart?: string;
  readonly maxRetryCount?: number;
  readonly logDriver?: string;
  readonly logOpts?: Readonly<Record<string, string>>;
  readonly healthcheck?: Healthcheck;
  readonly wait?: boolean;
  /** Seconds. @default 60 */
  readonly waitTimeout?: number;
  /** @default true */
  readonly mustRun?: boolean;
  /** @default true */
  readonly start?: boolean;
  readonly destroyGraceSeconds?: number;
}

interface Port {
  readonly internal: number;
  readonly external?: number;
  readonly ip?: string;
  readonly protocol?: string;
}

interface Mounted {
  readonly volumeName?: string;
  readonly hostPath?: string;
  readonly containerPath?: string;
  readonly readOnly?: boolean;
}

/** A file put into the container before it starts. */
export interface Upload {
  readonly file: string;
  readonly content?: string;
  readonly contentBase64?: string;
  readonly source?: string;
  readonly executable?: boolean;
  readonly permissions?: string;
  readonly owner?: string;
  readonly group?: string;
}

interface Healthcheck {
  readonly tests?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly retries?: number;
}

/** Names of {@link ContainerInputs}. */
export const CARRIED_OUT: readonly (keyof ContainerInputs)[] = [
  ...(["name", "image", "command", "entrypoints", "envs", "hostname", "user", "workingDir", "labels"] as const),
  ...(["networksAdvanced", "networkMode", "pidMode", "ports", "volumes", "uploads", "tmpfs", "capabilities"] as const),
  ...(["securityOpts", "readOnly", "memory", "memorySwap", "cpuShares", "gpus", "restart", "maxRetryCount"] as const),
  ...([
    "logDriver",
    "logOpts",
    "healthcheck",
    "wait",
    "waitTimeout",
    "mustRun",
    "start",
    "destroyGraceSeconds",
  ] as const),
];

const MIB = 1024 * 1024;

/** What the engine's API calls it. */
export function toCreateOptions(inputs: ContainerInputs): Docker.ContainerCreateOptions {
  const { ports = [], command, entrypoints, user, workingDir, hostname, healthcheck } = inputs;
  const portOf = ({ internal, protocol = "tcp" }: Port) => `${internal}/${protocol}`;
  return {
    name: inputs.name,
    Image: inputs.image,
    Env: [...(inputs.envs ?? [])],
    Labels: toLabels(inputs.labels),
    ExposedPorts: Object.fromEntries(ports.map((port) => [portOf(port), {}])),
    ...(command === undefined ? {} : { Cmd: [...command] }),
    ...(entrypoints === undefined ? {} : { Entrypoint: [...entrypoints] }),
    ...(user === undefined ? {} : { User: user }),
    ...(workingDir === undefined ? {} : { WorkingDir: workingDir }),
    ...(hostname === undefined ? {} : { Hostname: hostname }),
    ...(healthcheck === undefined ? {} : { Healthcheck: toHealthConfig(healthcheck) }),
    HostConfig: {
      ...toLimits(inputs),
      PortBindings: Object.fromEntries(
        ports.map((port) => [portOf(port), [{ HostIp: port.ip ?? "0.0.0.0", HostPort: String(port.external ?? "") }]]),
      ),
      Binds: (inputs.volumes ?? []).map(toBind),
      Tmpfs: { ...inputs.tmpfs },
      CapAdd: [...(inputs.capabilities?.adds ?? [])],
      CapDrop: [...(inputs.capabilities?.drops ?? [])],
      SecurityOpt: [...(inputs.securityOpts ?? [])],
      ReadonlyRootfs: inputs.readOnly ?? false,
      ...(inputs.networkMode === undefined ? {} : { NetworkMode: inputs.networkMode }),
      ...(inputs.pidMode === undefined ? {} : { PidMode: inputs.pidMode }),
      ...(inputs.gpus === undefined ? {} : { DeviceRequests: [{ Driver: "", Count: -1, Capabilities: [["gpu"]] }] }),
      ...(inputs.logDriver === undefined
        ? {}
        : { LogConfig: { Type: inputs.logDriver, Config: { ...inputs.logOpts } } }),
    },
  };
}

/** What the engine can change of a container that runs. */
export function toLimits({ memory, memorySwap, cpuShares, restart, maxRetryCount = 0 }: ContainerInputs) {
  const bytes = (mib: number) => (mib > 0 ? mib * MIB : mib);
  return {
    ...(memory === undefined ? {} : { Memory: bytes(memory) }),
    ...(memorySwap === undefined ? {} : { MemorySwap: bytes(memorySwap) }),
    ...(cpuShares === undefined ? {} : { CpuShares: cpuShares }),
    RestartPolicy: { Name: restart ?? "no", MaximumRetryCount: maxRetryCount },
  };
}

function toBind({ volumeName, hostPath, containerPath, readOnly }: Mounted): string {
  return `${hostPath ?? volumeName}:${containerPath}${readOnly === true ? ":ro" : ""}`;
}

function toHealthConfig({ tests = [], interval, timeout, startPeriod, retries }: Healthcheck): Docker.HealthConfig {
  return {
    Test: [...tests],
    ...(interval === undefined ? {} : { Interval: toNanoseconds(interval) }),
    ...(timeout === undefined ? {} : { Timeout: toNanoseconds(timeout) }),
    ...(startPeriod === undefined ? {} : { StartPeriod: toNanoseconds(startPeriod) }),
    ...(retries === undefined ? {} : { Retries: retries }),
  };
}

const UNITS = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const;

/**
 * A duration as Go writes it, such as `1m30s`. Any other spelling, such as `90s`, is an error here: the official plugin takes
 * it, reads the other back, and finds a difference for ever.
 */
function toNanoseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)(ms|s|m|h)/g)];
  const isWritten = /^(\d+ms|(([1-9]\d*h)?[1-5]?\dm)?[1-5]?\ds)$/.test(duration);
  if (!isWritten) throw new Error(`not a duration as Go writes it: ${duration}`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS], 0);
}
