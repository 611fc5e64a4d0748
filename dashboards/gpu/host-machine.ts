import { node } from "../../components/signals/host.ts";
import { promql } from "../../components/signals/query.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_HOST } from "../library/variables.ts";

/** Disks and interfaces that are the machine's own. */
const REAL_DISK = 'fstype!~"tmpfs|ramfs|overlay|squashfs"';
const REAL_DEVICE = 'device!~"lo|veth.*|docker.*|br-.*|cni.*|ifb.*"';
const base = { kind: "timeseries", empty: "Node exporter of this host does not answer." } as const;

/** The machine the GPUs are in. */
export const hostMachine: readonly Panel[] = [
  {
    ...base,
    title: "Processors",
    description: "Share of time all processors were at work, and waited for disks. GPUs starve while these are full.",
    queries: [
      metric(
        promql`1 - avg by (host_name) (rate(${node.cpu}{${ON_HOST}, mode="idle"}[$__rate_interval]))`,
        "{{host_name}} busy",
      ),
      metric(
        promql`avg by (host_name) (rate(${node.cpu}{${ON_HOST}, mode="iowait"}[$__rate_interval]))`,
        "{{host_name}} waiting for disks",
      ),
    ],
    unit: "1",
    min: 0,
    max: 1,
  },
  {
    ...base,
    title: "Memory of the host",
    description: "Memory in use, of what there is. Jobs that pin memory for the GPU show here, not on the GPU.",
    queries: [
      metric(promql`${node.memoryTotal}{${ON_HOST}} - ${node.memoryAvailable}{${ON_HOST}}`, "{{host_name}} in use"),
      metric(promql`${node.memoryTotal}{${ON_HOST}}`, "{{host_name}} total"),
    ],
    unit: "By",
    min: 0,
  },
  {
    ...base,
    title: "Disk space in use",
    description: "Share of each file system in use. A full one stops logs, checkpoints and the agent's queue.",
    queries: [
      metric(
        promql`1 - max by (host_name, mountpoint) (${node.filesystemAvailable}{${ON_HOST}, ${REAL_DISK}})
          / max by (host_name, mountpoint) (${node.filesystemSize}{${ON_HOST}, ${REAL_DISK}})`,
        "{{host_name}} {{mountpoint}}",
      ),
    ],
    unit: "1",
    min: 0,
    max: 1,
  },
  {
    ...base,
    title: "Disk traffic",
    description: "Bytes a second each disk reads and writes.",
    queries: [
      metric(
        promql`sum by (host_name, device) (rate(${node.diskRead}{${ON_HOST}}[$__rate_interval]))`,
        "{{host_name}} {{device}} read",
      ),
      metric(
        promql`sum by (host_name, device) (rate(${node.diskWritten}{${ON_HOST}}[$__rate_interval]))`,
        "{{host_name}} {{device}} written",
      ),
    ],
    unit: "By/s",
    min: 0,
  },
  {
    ...base,
    title: "Network traffic",
    description: "Bytes a second each interface receives and sends.",
    queries: [
      metric(
        promql`sum by (host_name, device) (rate(${node.networkReceived}{${ON_HOST}, ${REAL_DEVICE}}[$__rate_interval]))`,
        "{{host_name}} {{device}} received",
      ),
      metric(
        promql`sum by (host_name, device) (rate(${node.networkSent}{${ON_HOST}, ${REAL_DEVICE}}[$__rate_interval]))`,
        "{{host_name}} {{device}} sent",
      ),
    ],
    unit: "By/s",
    min: 0,
  },
  {
    ...base,
    title: "Network errors",
    description: "Errors a second by interface. Any steady rate is a cable, a port or a driver.",
    queries: [
      metric(
        promql`sum by (host_name, device) (
          rate(${node.networkReceiveErrors}{${ON_HOST}, ${REAL_DEVICE}}[$__rate_interval])
          + rate(${node.networkSendErrors}{${ON_HOST}, ${REAL_DEVICE}}[$__rate_interval]))`,
        "{{host_name}} {{device}}",
      ),
    ],
    unit: "{error}/s",
    min: 0,
  },
  {
    ...base,
    title: "Load",
    description: "Threads that run or wait to, averaged over a minute.",
    queries: [metric(promql`${node.load1}{${ON_HOST}}`, "{{host_name}}")],
    unit: "{thread}",
    min: 0,
  },
  {
    ...base,
    title: "Offset of the clock",
    description:
      "How far the clock is from its reference. Past some milliseconds, spans of two hosts no longer line up.",
    queries: [metric(promql`${node.timeOffset}{${ON_HOST}}`, "{{host_name}}")],
  },
];
