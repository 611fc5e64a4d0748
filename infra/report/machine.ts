import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** What makes one host have more series than another. */
export interface MachineShape {
  /** Logical processors. */
  readonly cpus: number;
  readonly disks: number;
  /** Network devices, loopback included, without those of containers. */
  readonly networks: number;
  /** Mounts node exporter reports, and block devices hostmetrics reports. */
  readonly mounts: number;
  readonly volumes: number;
  readonly numaNodes: number;
  readonly infinibandPorts: number;
  /** Processors whose frequency can be read. */
  readonly scaledCpus: number;
  readonly sensors: number;
}

/** A server of the size of a DGX H100: 224 threads, a network card and a disk for each of 8 GPUs. Not measured. */
export function gpuServer(gpus: number): MachineShape {
  const threads = 28 * gpus;
  return {
    cpus: threads,
    disks: gpus + 2,
    networks: gpus + 4,
    mounts: 4,
    volumes: 4,
    numaNodes: 2,
    infinibandPorts: gpus,
    scaledCpus: threads,
    sensors: threads / 2,
  };
}

/** Disks node exporter reports by default. */
const DISK = /^(?!(z?ram|loop|fd)\d)/;
/** Devices of containers, which `render-node-exporter.ts` leaves out. */
const CONTAINER_NETWORK = /^(veth|cali|cilium|lxc|docker|br-|virbr|vnet|tap|tun)/;
const CONTAINER_MOUNT = /^\/(dev|proc|run|sys|snap|var\/lib\/(docker|containers|kubelet))(\/|$)/;
/** Kinds that hold no data of their own. */
const PSEUDO =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|mqueue|nsfs|overlay|proc|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$/;

/** The machine this runs on, which is the host of every process; off Linux, a small one. */
export function thisMachine(): MachineShape {
  const processors = cpus().length;
  const mounts = readMounts();
  return {
    cpus: processors,
    disks: list("/sys/block").filter((name) => DISK.test(name)).length,
    networks: list("/sys/class/net").filter((name) => !CONTAINER_NETWORK.test(name)).length,
    mounts: mounts.length,
    volumes: new Set(mounts.map(({ device }) => device).filter((device) => device.startsWith("/"))).size,
    numaNodes: list("/sys/devices/system/node").filter((name) => /^node\d+$/.test(name)).length,
    infinibandPorts: list("/sys/class/infiniband").length,
    scaledCpus: existsSync("/sys/devices/system/cpu/cpu0/cpufreq") ? processors : 0,
    sensors: list("/sys/class/hwmon").flatMap((chip) =>
      list(`/sys/class/hwmon/${chip}`).filter((file) => file.endsWith("_input")),
    ).length,
  };
}

function readMounts(): readonly { readonly device: string; readonly path: string }[] {
  if (!existsSync("/proc/mounts")) return [];
  return readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .flatMap((line) => {
      const [device = "", path = "", kind = ""] = line.split(" ");
      return path === "" || PSEUDO.test(kind) || CONTAINER_MOUNT.test(path) ? [] : [{ device, path }];
    });
}

function list(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
