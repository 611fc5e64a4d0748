import { setTimeout as sleep } from "node:timers/promises";
import { type Cause, type Check, planChecks } from "./checks.ts";
import type { VerifyBackend, VerifyPlan } from "./plan.ts";
import { newProbe, sendProbe } from "./probe.ts";
import type { Reader } from "./read.ts";

/** What became of one signal of one agent in one backend. */
export interface Cell {
  readonly signal: string;
  readonly backend: string;
  readonly agent: string;
  /** `blocked`: not found, but only because of another cell that is missing. */
  readonly status: "landed" | "missing" | "blocked";
  /** Time from sending to reading back, in seconds. */
  readonly seconds: number;
  readonly reason?: string;
}

export interface VerifyReport {
  readonly cells: readonly Cell[];
  readonly skipped: Readonly<Record<string, string>>;
}

const POLL_MS = 500;

/** Sends one probe through every agent and reads each signal back from every backend that should hold it. */
export async function verify(
  plan: VerifyPlan,
  readerOf: (backend: VerifyBackend) => Reader,
  timeoutSeconds: number,
): Promise<VerifyReport> {
  const perAgent = plan.agents.map(async (agent) => {
    const probe = newProbe(agent.name);
    const checks = planChecks(probe, agent, plan.backends, readerOf);
    const refused = await sendProbe(probe, agent.otlp).then(
      () => undefined,
      (error: unknown) => `the agent did not take it: ${String((error as Error).cause ?? error)}`,
    );
    const sent = performance.now();
    if (refused !== undefined) return checks.map((check) => toCell(check, "missing", 0, refused));
    const cells = await Promise.all(checks.map((check) => poll(check, sent, timeoutSeconds)));
    return cells.map((cell, index) => blockedByCause(cell, checks[index]?.needs ?? [], cells));
  });
  return { cells: (await Promise.all(perAgent)).flat(), skipped: plan.skipped };
}

/** Leaves one red cell for one fault: what only follows from it is blocked. */
function blockedByCause(cell: Cell, needs: readonly Cause[], cells: readonly Cell[]): Cell {
  if (cell.status !== "missing") return cell;
  const causes = needs.filter(({ signal, backend }) =>
    cells.some((other) => other.status === "missing" && other.signal === signal && other.backend === backend),
  );
  if (causes.length === 0) return cell;
  const names = causes.map(({ signal, backend }) => `the ${signal} in ${backend}`).join(" and ");
  return { ...cell, status: "blocked", reason: `waits for ${names}` };
}

/** Looks again and again until it is there or the time is over; `sent` is when it was sent, as `performance.now()`. */
export async function poll(check: Check, sent: number, timeoutSeconds: number): Promise<Cell> {
  for (;;) {
    const reason = await check.look();
    const seconds = (performance.now() - sent) / 1000;
    if (reason === undefined) return toCell(check, "landed", seconds);
    if (seconds >= timeoutSeconds) return toCell(check, "missing", seconds, `${reason}, for ${timeoutSeconds} s`);
    await sleep(POLL_MS);
  }
}

function toCell({ signal, backend, agent }: Check, status: Cell["status"], seconds: number, reason?: string): Cell {
  return {
    signal,
    backend,
    agent,
    status,
    seconds: Math.round(seconds * 10) / 10,
    ...(reason === undefined ? {} : { reason }),
  };
}
