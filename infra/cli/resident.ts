import { readFileSync } from "node:fs";
import { listRunning } from "../../components/runtime/process/process-record.ts";
import type { EnvironmentName } from "../environment/schema.ts";
import { stateFolder } from "./folders.ts";

/** Resident memory of every process of an environment on this machine, in MiB; shared pages count in each. */
export function residentMiB(name: EnvironmentName): number {
  return Object.values(residentByWorkload(name)).reduce((total, part) => total + part, 0);
}

/** The same by workload. */
export function residentByWorkload(name: EnvironmentName): Readonly<Record<string, number>> {
  return Object.fromEntries(
    listRunning(stateFolder(name)).map(({ name: workload, pid }) => [workload, residentOf(pid)]),
  );
}

/** CPU time a process has used, user and system, in seconds. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** Linux reports process times in hundredths of a second on every architecture. */
const CLOCK_TICKS_PER_SECOND = 100;

export function residentOf(pid: number): number {
  const [, kib = "0"] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}
