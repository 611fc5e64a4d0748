/** One colour per state, on every dashboard. */
export const STATE_COLOURS = {
  ok: "green",
  notice: "blue",
  warning: "orange",
  critical: "red",
  fatal: "dark-red",
  missing: "purple",
  idle: "light-blue",
  unknown: "text",
} as const;

export type State = keyof typeof STATE_COLOURS;

/** From a value on, the state it stands for. */
export interface Step {
  readonly from: number;
  readonly state: State;
}

/** Severities of log lines as Loki spells them, and the state each stands for. */
export const LEVEL_STATES: Readonly<Record<string, State>> = {
  trace: "unknown",
  debug: "unknown",
  info: "notice",
  warn: "warning",
  error: "critical",
  critical: "fatal",
  fatal: "fatal",
  unknown: "unknown",
};
