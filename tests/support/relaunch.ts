import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { logFileOf } from "../../components/runtime/process/log-file.ts";
import { identify } from "../../components/runtime/process/proc.ts";
import { readRecord, writeRecord } from "../../components/runtime/process/process-record.ts";

/** How a process was started. */
export interface Launch {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Reads off a process that runs how it was started. */
export function launchOf(pid: number): Launch {
  const words = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0").filter(Boolean);
  const variables = words("environ").map((line) => [
    line.slice(0, line.indexOf("=")),
    line.slice(line.indexOf("=") + 1),
  ]);
  return {
    command: [readlinkSync(`/proc/${pid}/exe`), ...words("cmdline").slice(1)],
    env: Object.fromEntries(variables) as Record<string, string>,
  };
}

/** Starts the crashed process of a workload's folder again, as systemd or a kubelet does: the folder remembers it as before. */
export function relaunch(folder: string, { command: [program = "", ...args], env }: Launch): number {
  const record = readRecord(folder);
  const output = openSync(logFileOf(folder), "a", 0o600);
  try {
    const child = spawn(program, args, { cwd: folder, detached: true, stdio: ["ignore", output, output], env });
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (record === undefined || identity === undefined) throw new Error(`${program} did not start again in ${folder}`);
    writeRecord(folder, { ...record, ...identity });
    return identity.pid;
  } finally {
    closeSync(output);
  }
}

/** Waits until something answers at a health check's address. */
export async function untilHealthy(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`${url} did not answer within 30 s`);
}
