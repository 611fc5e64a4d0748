import { signalsOf } from "./signal.ts";

const HOST = ["host.name", "deployment.environment.name", "service.name", "service.instance.id"] as const;
const n = signalsOf("node-exporter", "scraped", HOST);
const h = signalsOf("hostmetrics", "pushed", HOST);

/** What node exporter says of a GPU host (https://github.com/prometheus/node_exporter). */
export const node = {
  bootTime: n.gauge("node_boot_time_seconds", "s", "Unix time the host started at."),
  cpu: n.counter("node_cpu_seconds_total", "s", "Seconds each processor spent in each mode.", ["cpu", "mode"]),
  load1: n.gauge("node_load1", "1", "Run queue, averaged over a minute."),
  memoryTotal: n.gauge("node_memory_MemTotal_bytes", "By", "Memory of the host."),
  memoryAvailable: n.gauge("node_memory_MemAvailable_bytes", "By", "Memory that can be had without swapping."),
  filesystemSize: n.gauge("node_filesystem_size_bytes", "By", "Size of a file system.", [
    "device",
    "fstype",
    "mountpoint",
  ]),
  filesystemAvailable: n.gauge("node_filesystem_avail_bytes", "By", "Space a user may still fill.", [
    "device",
    "fstype",
    "mountpoint",
  ]),
  filesystemReadonly: n.gauge("node_filesystem_readonly", "1", "1 where a file system is mounted read-only.", [
    "device",
    "fstype",
    "mountpoint",
  ]),
  filesystemInodes: n.gauge("node_filesystem_files", "{inode}", "Inodes of a file system.", [
    "device",
    "fstype",
    "mountpoint",
  ]),
  filesystemInodesFree: n.gauge("node_filesystem_files_free", "{inode}", "Inodes still free.", [
    "device",
    "fstype",
    "mountpoint",
  ]),
  diskIoTime: n.counter("node_disk_io_time_seconds_total", "s", "Seconds a disk was busy.", ["device"]),
  diskRead: n.counter("node_disk_read_bytes_total", "By", "Bytes read from a disk.", ["device"]),
  diskWritten: n.counter("node_disk_written_bytes_total", "By", "Bytes written to a disk.", ["device"]),
  networkReceived: n.counter("node_network_receive_bytes_total", "By", "Bytes received.", ["device"]),
  networkSent: n.counter("node_network_transmit_bytes_total", "By", "Bytes sent.", ["device"]),
  networkReceiveErrors: n.counter("node_network_receive_errs_total", "{error}", "Errors on receive.", ["device"]),
  networkSendErrors: n.counter("node_network_transmit_errs_total", "{error}", "Errors on send.", ["device"]),
  oomKills: n.gauge("node_vmstat_oom_kill", "{process}", "Processes killed for want of memory since boot."),
  timeOffset: n.gauge("node_timex_offset_seconds", "s", "How far the clock is from its reference."),
  timeSynchronised: n.gauge("node_timex_sync_status", "1", "1 while the clock is kept by a reference."),
  pressureMemory: n.counter("node_pressure_memory_stalled_seconds_total", "s", "Seconds all work stalled on memory."),
  collectorSuccess: n.gauge("node_scrape_collector_success", "1", "1 where a part of node exporter works.", [
    "collector",
  ]),
} as const;

/** What the agent itself measures of its host (OpenTelemetry semantic conventions, system metrics). */
export const host = {
  cpuUtilization: h.gauge("system.cpu.utilization", "1", "Share of time a processor is in a state.", ["cpu", "state"]),
  cpuTime: h.counter("system.cpu.time", "s", "Seconds a processor spent in a state.", ["cpu", "state"]),
  load1: h.gauge("system.cpu.load_average.1m", "{thread}", "Run queue, averaged over a minute."),
  memoryUsage: h.updowncounter("system.memory.usage", "By", "Memory in a state.", ["state"]),
  memoryUtilization: h.gauge("system.memory.utilization", "1", "Share of memory in a state.", ["state"]),
  filesystemUsage: h.updowncounter("system.filesystem.usage", "By", "Space of a file system in a state.", [
    "device",
    "mode",
    "mountpoint",
    "type",
    "state",
  ]),
  filesystemUtilization: h.gauge("system.filesystem.utilization", "1", "Share of a file system in use.", [
    "device",
    "mode",
    "mountpoint",
    "type",
  ]),
  diskIo: h.counter("system.disk.io", "By", "Bytes a disk read or wrote.", ["device", "direction"]),
  networkIo: h.counter("system.network.io", "By", "Bytes a network device sent or received.", ["device", "direction"]),
} as const;
