import { gpu } from "./gpu.ts";
import { kernel } from "./kernel.ts";
import { promql, type Query } from "./query.ts";
import { recordingRule } from "./recording.ts";

const GPU = ["host.name", "gpu", "hw.id", "hpc_job"];

/** GPUs that answer; the instances of a GPU in MIG mode are one. */
export const gpusSeen = recordingRule(
  "host:gpu_seen:count",
  "{gpu}",
  "GPUs of a host that report.",
  ["host.name"],
  promql`count by (host_name) (group by (host_name, gpu) (${gpu.temperature}))`,
);

/**
 * Lines of the last minutes. The counter may first appear with its first event, when `increase()` has nothing to compare
 * it with: a series that was not there five minutes ago is new as a whole. Its ten minutes reach back over those five and
 * the five that a sample stays visible, so that no event falls between the two.
 */
const recentLines = promql`increase(${kernel.xids}[10m]) > 0 or (${kernel.xids} unless ${kernel.xids} offset 5m)`;

/** Agents write a bus id of either witness as `0000:1b:00.0`, so that the two can be joined. */
const withBus = (lines: Query): Query =>
  promql`label_replace(label_replace(${lines}, "pci_bus_id", "$1", "nvidia_pci_bus_id", "(.+)"), "xid", "$1", "nvidia_xid", "(.+)")`;
const byBus = promql`sum by (host_name, pci_bus_id, xid) (${withBus(recentLines)})`;

/** Who sits at an address; remembered for an hour, because a GPU that fell off the bus no longer says so. */
const owners = promql`topk by (host_name, pci_bus_id) (1, group by (host_name, gpu, hw_id, pci_bus_id, hpc_job) (last_over_time(${gpu.power}[1h])))`;

/** Xid lines of the kernel log with the GPU they are about. */
export const kernelXids = recordingRule(
  "gpu:kernel_xids:recent10m",
  "{event}",
  "Xid lines of the kernel log in the last ten minutes, by GPU; without the labels of a GPU nobody knows.",
  [...GPU, "pci_bus_id", "xid"],
  promql`${byBus} * on (host_name, pci_bus_id) group_left (gpu, hw_id, hpc_job) ${owners} or ${byBus} unless on (host_name, pci_bus_id) ${owners}`,
  { absentWhile: "the kernel log has no Xid line" },
);

export const GPU_RECORDINGS = [gpusSeen, kernelXids] as const;
