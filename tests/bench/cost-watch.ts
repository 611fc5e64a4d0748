import { readdirSync, readFileSync } from "node:fs";
import { cpuSecondsOf } from "../../infra/cli/resident.ts";

/** What a run of the engine cost the machine, by part. */
export interface Cost {
  /** Largest resident memory in MiB; of several processes, the largest. */
  readonly peakMiB: Readonly<Record<Part, number>>;
  /** User and system time of all of them: what stays comparable when other work slows the clock. */
  readonly cpuSeconds: number;
  /** Of `cpuSeconds`, what each part used; the rest is the command itself. */
  readonly cpuSecondsOf: Readonly<Record<Part, number>>;
}

export type Part = "engine" | "program" | "policyPack" | "providers";

const EVERY_MS = 250;

interface Seen {
  readonly part: Part | undefined;
  readonly mib: number;
  readonly cpu: number;
}

/** Watches a process and all it starts, until told to stop. The kernel keeps each one's own peak (`VmHWM`). */
export class CostWatch {
  private readonly seen = new Map<number, Seen>();
  private readonly timer: NodeJS.Timeout;

  constructor(root: number) {
    this.timer = setInterval(() => this.look(root), EVERY_MS);
  }

  stop(): Cost {
    clearInterval(this.timer);
    const all = [...this.seen.values()];
    const of = (wanted: Part) => all.filter(({ part }) => part === wanted);
    return {
      peakMiB: forEachPart((part) => Math.round(Math.max(0, ...of(part).map(({ mib }) => mib)))),
      cpuSeconds: sumOf(all),
      cpuSecondsOf: forEachPart((part) => sumOf(of(part))),
    };
  }

  private look(root: number): void {
    const children = childrenByParent();
    const visit = (pid: number): void => {
      const [, kib] = /VmHWM:\s+(\d+) kB/.exec(read(pid, "status")) ?? [];
      const part = partOf(read(pid, "cmdline").split("\0"));
      const cpu = cpuOf(pid);
      if (kib !== undefined && cpu !== undefined) this.seen.set(pid, { part, mib: Number(kib) / 1024, cpu });
      for (const child of children.get(pid) ?? []) visit(child);
    };
    visit(root);
  }
}

function forEachPart(figure: (part: Part) => number): Readonly<Record<Part, number>> {
  return {
    engine: figure("engine"),
    program: figure("program"),
    policyPack: figure("policyPack"),
    providers: figure("providers"),
  };
}

function sumOf(all: readonly Seen[]): number {
  return all.reduce((total, { cpu }) => total + cpu, 0);
}

function cpuOf(pid: number): number | undefined {
  try {
    return cpuSecondsOf(pid);
  } catch {
    return undefined;
  }
}

function partOf([program = "", ...args]: readonly string[]): Part | undefined {
  const words = [program, ...args].join(" ");
  if (/(^|\/)pulumi$/.test(program)) return "engine";
  if (words.includes("@pulumi/pulumi/cmd/run-policy-pack")) return "policyPack";
  if (words.includes("@pulumi/pulumi/cmd/run")) return "program";
  return /dynamic-provider|plugins\/untouched/.test(words) ? "providers" : undefined;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    // The name stands in brackets and may hold anything.
    const parent = Number(read(Number(entry), "stat").split(") ").at(-1)?.split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  return children;
}

/** Nothing when it has ended in between. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
