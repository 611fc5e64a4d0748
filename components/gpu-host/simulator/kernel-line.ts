import { toKernelBus, type GpuIdentity } from "./fleet.ts";
import { toXidLine } from "./xid.ts";

/** Syslog severities used here; the kernel prints NVRM lines as warnings, whatever they say. */
export type KernelSeverity = 4 | 5 | 6;

/** One message of the kernel's ring buffer. */
export interface KernelMessage {
  readonly atMs: number;
  /** Seconds since boot, as the kernel puts in front of a message. */
  readonly uptimeSeconds: number;
  readonly severity: KernelSeverity;
  readonly text: string;
}

/**
 * How the line is written: `traditional` is rsyslog's default (RFC 3164 time, UTC here, no priority), `iso` its
 * newer file format, `syslog23` RFC 5424 with the priority (S0-64).
 */
export const KERNEL_LOG_FORMATS = ["traditional", "iso", "syslog23"] as const;
export type KernelLogFormat = (typeof KERNEL_LOG_FORMATS)[number];

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** One line of kern.log, without its line break. */
export function toKernelLine(message: KernelMessage, hostname: string, format: KernelLogFormat): string {
  const date = new Date(message.atMs);
  // Microseconds, as rsyslog writes them.
  const iso = date.toISOString().replace("Z", "000+00:00");
  const text = `[${message.uptimeSeconds.toFixed(6).padStart(12)}] ${message.text}`;
  switch (format) {
    case "traditional":
      return `${toTraditionalTime(date)} ${hostname} kernel: ${text}`;
    case "iso":
      return `${iso} ${hostname} kernel: ${text}`;
    case "syslog23":
      // Facility 0 is the kernel, so the priority is the severity.
      return `<${message.severity}>1 ${iso} ${hostname} kernel - - - ${text}`;
  }
}

/** What the driver knows of the process that met the error. */
export interface Culprit {
  readonly pid?: number | undefined;
  readonly process?: string | undefined;
  readonly trace_id?: string | undefined;
}

/** Text of a driver error. */
export function toXidText(gpu: GpuIdentity, code: number, culprit: Culprit, text = toXidLine(code)): string {
  const pid = culprit.pid === undefined ? "'<unknown>'" : String(culprit.pid);
  const bus = toKernelBus(gpu.pciBusId);
  return withTrace(
    `NVRM: Xid (PCI:${bus}): ${code}, pid=${pid}, name=${culprit.process ?? "<unknown>"}, ${text}`,
    culprit,
  );
}

/** Text of a GPU that left the bus, as the driver prints it without the word Xid. */
export function toFallenOffText(gpu: GpuIdentity, culprit: Culprit): string {
  return withTrace(`NVRM: GPU ${toKernelBus(gpu.pciBusId)}.0: GPU has fallen off the bus.`, culprit);
}

function withTrace(text: string, { trace_id: traceId }: Culprit): string {
  return traceId === undefined ? text : `${text} trace_id=${traceId}`;
}

function toTraditionalTime(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2);
  return `${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)}`;
}

/** What a kernel prints when nothing is wrong. */
export const ORDINARY_LINES: readonly { readonly severity: KernelSeverity; readonly text: string }[] = [
  { severity: 6, text: "IPv6: ADDRCONF(NETDEV_CHANGE): eno1: link becomes ready" },
  {
    severity: 5,
    text: 'audit: type=1400 audit(0.0:42): apparmor="STATUS" operation="profile_load" profile="unconfined"',
  },
  {
    severity: 6,
    text: "perf: interrupt took too long (2513 > 2500), lowering kernel.perf_event_max_sample_rate to 79500",
  },
  { severity: 6, text: "EXT4-fs (nvme0n1p2): mounted filesystem with ordered data mode. Quota mode: none." },
  { severity: 6, text: "nvidia-uvm: Loaded the UVM driver, major device number 508." },
  { severity: 4, text: "TCP: request_sock_TCP: Possible SYN flooding on port 8000. Sending cookies." },
];
