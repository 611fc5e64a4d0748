import { dirname } from "node:path/posix";
import { KERNEL_LOG_FILE, unitName, userName } from "./names.ts";
import { needsOf, renderSandbox } from "./hardening.ts";
import { renderLife } from "./render-unit.ts";
import { toUnitText } from "./unit-text.ts";

/**
 * rsyslog writes the kernel's messages with `<PRI>` in front. Its own kern.log has no priority (S0-64), and on the RHEL
 * family there is no kern.log at all.
 */
export function renderRsyslog(): string {
  return [
    'template(name="gpuObservabilityKernel" type="string"',
    '  string="<%PRI%>%TIMESTAMP:::date-rfc3339% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\\n")',
    'if $syslogfacility-text == "kern" then {',
    `  action(type="omfile" file="${KERNEL_LOG_FILE}" template="gpuObservabilityKernel" fileCreateMode="0640")`,
    "}",
    "",
  ].join("\n");
}

/** Keeps four kernel logs of at most 64 MiB each. */
export function renderLogrotate(): string {
  return [
    `${KERNEL_LOG_FILE} {`,
    "  su root adm",
    "  daily",
    "  maxsize 64M",
    "  rotate 4",
    "  missingok",
    "  notifempty",
    "  compress",
    "  delaycompress",
    "  sharedscripts",
    "  postrotate",
    "    systemctl kill --signal=HUP rsyslog.service 2>/dev/null || true",
    "  endscript",
    "}",
    "",
  ].join("\n");
}

/** Where there is no rsyslog: follows the journal's kernel messages into the same file, in the same form. */
export function renderKernelLogUnit(script: string): string {
  const service = "kernel-log";
  const needs = needsOf(service);
  return toUnitText({
    Unit: [
      ["Description", "GPU observability: kernel messages with their priorities, from the journal"],
      ["StartLimitIntervalSec", "0"],
    ],
    Service: [
      ["Type", "exec"],
      ["User", userName(service)],
      ["Group", "adm"],
      ["SupplementaryGroups", needs.groups.join(" ")],
      ["ExecStart", `/bin/sh ${script} ${KERNEL_LOG_FILE} /var/lib/gpu-observability/${service}/cursor`],
      ["StateDirectory", `gpu-observability/${service}`],
      ["ReadWritePaths", dirname(KERNEL_LOG_FILE)],
      ...renderLife({ resources: { memoryMiB: 64, cpu: 0.05 } }).map(
        // The journal's client ends when the journal restarts, without an error.
        ([key, value]) => [key, key === "Restart" ? "always" : value] as const,
      ),
      ...renderSandbox(needs).map(([key, value]) => [key, key === "UMask" ? "0027" : value] as const),
    ],
    Install: [["WantedBy", "multi-user.target"]],
  });
}

export const KERNEL_LOG_UNIT = unitName("kernel-log");
