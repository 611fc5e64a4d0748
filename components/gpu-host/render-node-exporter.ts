/**
 * Collectors a GPU host needs. All others are off, so that a new release of node_exporter brings no new series
 * unasked: InfiniBand, NUMA, pressure and EDAC tell why a GPU waits, the rest is the usual host panel.
 */
const COLLECTORS = [
  "cpu",
  "cpufreq",
  "diskstats",
  "edac",
  "filefd",
  "filesystem",
  "hwmon",
  "infiniband",
  "loadavg",
  "meminfo",
  "meminfo_numa",
  "netdev",
  "netstat",
  "nvme",
  "os",
  "pressure",
  "sockstat",
  "stat",
  "textfile",
  "thermal_zone",
  "time",
  "timex",
  "uname",
  "vmstat",
] as const;

/** Interfaces and mounts of containers come and go: each would leave series behind. */
const CONTAINER_INTERFACES = "^(veth|cali|cilium|lxc|docker|br-|virbr|vnet|tap|tun).*$";
const CONTAINER_MOUNTS = "^/(dev|proc|run|sys|snap|var/lib/docker/.+|var/lib/containers/.+|var/lib/kubelet/.+)($|/)";

/** Arguments of node_exporter. */
export function nodeExporterArgs(listen: string, textfileFolder: string, rootfs: string): readonly string[] {
  const below = (path: string) => (rootfs === "/" ? path : `${rootfs}${path}`);
  return [
    `--web.listen-address=${listen}`,
    // Its own Go runtime is nobody's question.
    "--web.disable-exporter-metrics",
    "--web.max-requests=4",
    `--path.rootfs=${rootfs}`,
    `--path.procfs=${below("/proc")}`,
    `--path.sysfs=${below("/sys")}`,
    "--collector.disable-defaults",
    ...COLLECTORS.map((name) => `--collector.${name}`),
    `--collector.textfile.directory=${textfileFolder}`,
    `--collector.filesystem.mount-points-exclude=${CONTAINER_MOUNTS}`,
    `--collector.netdev.device-exclude=${CONTAINER_INTERFACES}`,
    "--log.level=warn",
  ];
}
