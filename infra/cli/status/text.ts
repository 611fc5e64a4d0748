import type { FiringAlert } from "./alerts.ts";
import type { ProgramStatus } from "./programs.ts";

/** What is known of an environment on this machine. */
export interface Status {
  readonly stack: string;
  readonly programs: readonly ProgramStatus[];
  /** Workloads that another runtime runs, and which one. */
  readonly elsewhere: Readonly<Record<string, string>>;
  /** The process that works on it. */
  readonly atWork?: number | undefined;
  /** @default no Prometheus of this machine answers */
  readonly alerts?: readonly FiringAlert[] | undefined;
}

/** Everything in plain lines, problems first. */
export function toStatusText({ stack, programs, elsewhere, atWork, alerts }: Status): string {
  const healthy = programs.filter(({ state }) => state.kind === "answers");
  const width = Math.max(8, ...programs.map(({ name }) => name.length));
  return [
    `${stack}: ${healthy.length} of ${programs.length} programs of this machine answer`,
    ...programs.map((one) => `  ${one.name.padEnd(width)}  ${toStateText(one)}`),
    ...Object.entries(elsewhere).map(
      ([name, runtime]) => `  ${name.padEnd(width)}  runs on ${runtime}: not asked here`,
    ),
    `command at work: ${atWork === undefined ? "none" : `process ${atWork}`}`,
    ...toAlertLines(alerts),
  ].join("\n");
}

function toStateText({ state, addresses }: ProgramStatus): string {
  if (state.kind === "stopped") return "stopped";
  const where = Object.entries(addresses)
    .map(([port, address]) => `${address} ${port}`)
    .join(", ");
  const process = `pid ${state.pid}, ${state.memoryMiB.toFixed(0)} MiB`;
  if (state.kind === "answers") return `answers          ${process}; ${where}`;
  return `does not answer  ${process}; last answer: ${state.lastAnswer}`;
}

function toAlertLines(alerts: Status["alerts"]): readonly string[] {
  if (alerts === undefined) return ["alerts: unknown, no Prometheus answers"];
  // The watchdog always fires: that is how its silence is noticed.
  const real = alerts.filter(({ name }) => name !== "Watchdog");
  if (real.length === 0) return ["alerts: none fires"];
  return [
    `alerts that fire: ${real.length}`,
    ...real.map(({ name, severity, about, since }) => `  ${severity.padEnd(8)}  ${name}  ${about}  since ${since}`),
  ];
}
