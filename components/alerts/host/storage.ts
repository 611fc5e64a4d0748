import { node } from "../../signals/host.ts";
import { promql } from "../../signals/query.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { HostThresholds } from "./thresholds.ts";

const DISK = "host_name, mountpoint, device";
/** Not disks: memory, images and network mounts, which have an owner elsewhere. */
const REAL = 'fstype!~"tmpfs|ramfs|overlay|squashfs|erofs|iso9660|nfs.*|autofs"';
/** The same for Datadog. */
const DISKS = "fstype NOT IN (tmpfs,ramfs,overlay,squashfs,erofs,iso9660,autofs) AND NOT fstype:nfs*";
const shared = {
  dashboard: "gpu-host",
  requirements: ["Q1"],
  severity: "warning",
} as const;

/** What goes wrong with a host's disks. */
export function storageAlerts(t: HostThresholds): readonly AlertDefinition[] {
  return [
    {
      ...shared,
      name: "HostDiskNearlyFull",
      meaning: "A file system of the host has little space left.",
      summary: "{{ $labels.host_name }}: {{ $labels.mountpoint }} has {{ $value | humanizePercentage }} left",
      query: promql`min by (${DISK}) (${node.filesystemAvailable}{${REAL}} / ${node.filesystemSize}{${REAL}}) < ${t.diskFree}`,
      for: "5m",
      datadog: datadog`max(last_5m):min:${node.filesystemAvailable}{${DISKS}} by {host,mountpoint,device} / min:${node.filesystemSize}{${DISKS}} by {host,mountpoint,device} < ${t.diskFree}`,
      impact:
        "Checkpoints, logs and the agent's own queue cannot be written once it is full: jobs fail and telemetry is lost.",
      actions: [
        "What takes the space: `du -xh --max-depth=2 <mountpoint> | sort -h | tail`.",
        "Deleted files still held open: `lsof +L1`.",
      ],
      knobs: ["alerts.host.diskFree"],
    },
    {
      ...shared,
      name: "HostInodesNearlyGone",
      meaning: "A file system of the host can take few more files.",
      summary:
        "{{ $labels.host_name }}: {{ $labels.mountpoint }} has {{ $value | humanizePercentage }} of its inodes left",
      query: promql`min by (${DISK}) (${node.filesystemInodesFree}{${REAL}} / (${node.filesystemInodes}{${REAL}} > 0)) < ${t.inodesFree}`,
      for: "5m",
      datadog: datadog`max(last_5m):min:${node.filesystemInodesFree}{${DISKS}} by {host,mountpoint,device} / min:${node.filesystemInodes}{${DISKS}} by {host,mountpoint,device} < ${t.inodesFree}`,
      impact: "Writing fails as on a full disk, while `df -h` still shows space.",
      actions: [
        "Where the files are: `du --inodes -x --max-depth=2 <mountpoint> | sort -n | tail`.",
        "Pack data sets of small files into archives.",
      ],
      knobs: ["alerts.host.inodesFree"],
    },
    {
      ...shared,
      name: "HostFilesystemReadOnly",
      severity: "critical",
      meaning:
        "A file system that was writable within the last day is read-only: the kernel does so after disk errors.",
      summary: "{{ $labels.host_name }}: {{ $labels.mountpoint }} became read-only",
      // A mount that was never writable is meant so.
      query: promql`max by (${DISK}) (${node.filesystemReadonly}{${REAL}} == 1 and min_over_time(${node.filesystemReadonly}{${REAL}}[1d]) == 0)`,
      for: "2m",
      datadog: {
        exempt: "it holds when a file system is read-only and was writable within a day: a monitor compares one number",
      },
      impact: "Every write to it fails: jobs stop, and the agent's queue with them.",
      actions: [
        "`dmesg | grep -iE 'error|remount'`, then the disk's health: `smartctl -a <device>`.",
        "Drain the host and check the file system before it is mounted writable again.",
      ],
    },
  ];
}
