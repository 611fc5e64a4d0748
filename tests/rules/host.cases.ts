import { scrape } from "../../components/signals/backends.ts";
import { host, node } from "../../components/signals/host.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import { absent, andThen, growing, type RuleCase, type Shape, steady } from "./rule-case.ts";
import { series } from "./series.ts";

type Case = Omit<RuleCase, "alert">;
type Labels = Readonly<Record<string, string>>;

const on = (signal: SignalDefinition, shape: Shape, more: Labels = {}) =>
  series(signal, { host_name: "gpu-1", ...more }, shape);
const up = (job: string, shape: Shape, host_name = "gpu-1") => on(scrape.up, shape, { host_name, job });
const ROOT = { mountpoint: "/", device: "/dev/nvme0n1p2", fstype: "ext4" };
const disk = (signal: SignalDefinition, shape: Shape, more: Labels = {}) => on(signal, shape, { ...ROOT, ...more });
const fires = [{ host_name: "gpu-1" }];
const firesOnRoot = [{ host_name: "gpu-1", mountpoint: "/", device: "/dev/nvme0n1p2" }];
const stops = andThen(steady(1), "10m", absent);

const CASES: Readonly<Record<string, readonly Case[]>> = {
  HostSilent: [
    {
      title: "nothing comes any more",
      series: { ...up("agent", stops), ...on(host.load1, stops), ...up("agent", steady(1), "gpu-2") },
      at: "18m",
      fires,
    },
    { title: "it never came", series: up("agent", steady(1), "gpu-2"), at: "10m", fires },
    {
      title: "its own metrics still come",
      series: { ...up("agent", stops), ...on(host.load1, steady(1)), ...up("agent", steady(1), "gpu-2") },
      at: "18m",
      fires: [],
    },
  ],
  PoolNodeSilent: [
    { title: "a node stops", series: up("agent", stops, "node-a"), at: "18m", fires: [{ host_name: "node-a" }] },
    { title: "a node that was removed two hours ago", series: up("agent", stops, "node-a"), at: "2h", fires: [] },
    { title: "a node that speaks", series: up("agent", steady(1), "node-a"), at: "18m", fires: [] },
  ],
  NodeExporterDown: [
    {
      title: "it does not answer",
      series: { ...up("agent", steady(1)), ...up("node-exporter", andThen(steady(1), "5m", steady(0))) },
      at: "12m",
      fires,
    },
    { title: "it was never asked", series: up("agent", steady(1)), at: "12m", fires },
    {
      title: "it answers",
      series: { ...up("agent", steady(1)), ...up("node-exporter", steady(1)) },
      at: "12m",
      fires: [],
    },
  ],
  NodeExporterPartFailing: [
    {
      title: "it cannot read disks",
      series: on(node.collectorSuccess, andThen(steady(1), "5m", steady(0)), { collector: "diskstats" }),
      at: "17m",
      fires: [{ host_name: "gpu-1", collector: "diskstats" }],
    },
    {
      title: "a host without InfiniBand",
      series: on(node.collectorSuccess, steady(0), { collector: "infiniband" }),
      at: "17m",
      fires: [],
    },
  ],
  HostDiskNearlyFull: [
    {
      title: "a twentieth is left",
      series: { ...disk(node.filesystemAvailable, steady(5)), ...disk(node.filesystemSize, steady(100)) },
      at: "10m",
      fires: firesOnRoot,
    },
    {
      title: "a fifth is left",
      series: { ...disk(node.filesystemAvailable, steady(20)), ...disk(node.filesystemSize, steady(100)) },
      at: "10m",
      fires: [],
    },
    {
      title: "a full file system in memory",
      series: {
        ...disk(node.filesystemAvailable, steady(0), { fstype: "tmpfs" }),
        ...disk(node.filesystemSize, steady(100), { fstype: "tmpfs" }),
      },
      at: "10m",
      fires: [],
    },
  ],
  HostInodesNearlyGone: [
    {
      title: "a hundredth is left",
      series: { ...disk(node.filesystemInodesFree, steady(1)), ...disk(node.filesystemInodes, steady(100)) },
      at: "10m",
      fires: firesOnRoot,
    },
    {
      title: "a file system that counts none",
      series: { ...disk(node.filesystemInodesFree, steady(0)), ...disk(node.filesystemInodes, steady(0)) },
      at: "10m",
      fires: [],
    },
  ],
  HostFilesystemReadOnly: [
    {
      title: "it became read-only",
      series: disk(node.filesystemReadonly, andThen(steady(0), "20m", steady(1))),
      at: "25m",
      fires: firesOnRoot,
    },
    { title: "it always was", series: disk(node.filesystemReadonly, steady(1)), at: "25m", fires: [] },
  ],
  HostOutOfMemoryKill: [
    { title: "one process", series: on(node.oomKills, andThen(steady(3), "10m", steady(4))), at: "12m", fires },
    { title: "kills of long ago", series: on(node.oomKills, steady(4)), at: "30m", fires: [] },
  ],
  HostMemoryPressure: [
    { title: "a third of the time", series: on(node.pressureMemory, growing(20)), at: "12m", fires },
    { title: "a second in an hour", series: on(node.pressureMemory, growing(0.02)), at: "12m", fires: [] },
  ],
  HostClockOff: [
    {
      title: "the reference is lost",
      series: on(node.timeSynchronised, andThen(steady(1), "20m", steady(0))),
      at: "40m",
      fires,
    },
    { title: "a tenth of a second off", series: on(node.timeOffset, steady(-0.1)), at: "10m", fires },
    {
      title: "a virtual machine whose clock its hypervisor keeps",
      series: { ...on(node.timeSynchronised, steady(0)), ...on(node.timeOffset, steady(0)) },
      at: "40m",
      fires: [],
    },
  ],
};

export const cases: readonly RuleCase[] = Object.entries(CASES).flatMap(([alert, list]) =>
  list.map((one) => ({ alert, ...one })),
);
