import { programEnvironment } from "../program-environment.ts";
import type { Workload } from "../workload.ts";
import { needsOf, renderSandbox } from "./hardening.ts";
import { userName } from "./names.ts";
import { type Section, toAssignment, toCommandLine, toUnitText } from "./unit-text.ts";

/** `cpu` is what a service usually needs; the quota stops a runaway, not a burst. */
const CPU_BURST = 4;
const LEAST_CPU_PERCENT = 50;
/** Longest wait of a stopping program that empties its queue to disk, in seconds. */
const STOP_SECONDS = 30;

/** The unit of a workload, which runs `program` (a path of the host) as a user of its own. */
export function renderUnit(workload: Workload, program: string): string {
  const needs = needsOf(workload.service);
  return toUnitText({
    Unit: renderUnitSection(workload.service),
    Service: [
      ["Type", "exec"],
      ["User", userName(workload.service)],
      ["Group", userName(workload.service)],
      ...(needs.groups.length === 0 ? [] : ([["SupplementaryGroups", needs.groups.join(" ")]] as const)),
      ["ExecStart", toCommandLine([program, ...workload.args])],
      ...renderEnvironment(workload),
      ...renderFolders(workload),
      ...renderLife(workload),
      ...renderSandbox(needs),
    ],
    Install: [["WantedBy", "multi-user.target"]],
  });
}

export function renderUnitSection(service: string): Section {
  return [
    ["Description", `GPU observability: ${service}`],
    ["Wants", "network-online.target"],
    ["After", "network-online.target"],
    // Never gives up: a host that comes back from a full disk heals by itself.
    ["StartLimitIntervalSec", "0"],
  ];
}

function renderEnvironment(workload: Workload): Section {
  return Object.entries(programEnvironment(workload)).map(
    ([name, value]) => ["Environment", toAssignment(name, value)] as const,
  );
}

function renderFolders({ name, volumes }: Workload): Section {
  const base = `gpu-observability/${name}`;
  return [
    ["StateDirectory", [base, ...volumes.map((volume) => `${base}/${volume.name}`)].join(" ")],
    ["StateDirectoryMode", "0750"],
    ["WorkingDirectory", `/var/lib/${base}`],
  ];
}

/** Restarts, limits and the journal; a program that floods it is cut short. */
export function renderLife({ resources }: Pick<Workload, "resources">): Section {
  const { memoryMiB, cpu } = resources;
  return [
    ["Restart", "on-failure"],
    ["RestartSec", "5"],
    ["TimeoutStopSec", String(STOP_SECONDS)],
    ["MemoryMax", `${memoryMiB}M`],
    ["MemorySwapMax", "0"],
    ["CPUQuota", `${Math.max(LEAST_CPU_PERCENT, Math.ceil(cpu * CPU_BURST * 100))}%`],
    ["TasksMax", "512"],
    ["LimitNOFILE", "65536"],
    ["OOMPolicy", "stop"],
    ["StandardOutput", "journal"],
    ["StandardError", "journal"],
    ["LogRateLimitIntervalSec", "30"],
    ["LogRateLimitBurst", "1000"],
  ];
}
