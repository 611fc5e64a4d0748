import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** A process that the engine of one environment started, or the engine itself. */
export interface EngineProcess {
  readonly pid: number;
  readonly parent: number;
  readonly isEngine: boolean;
}

/** The engine's program, as the kernel names it. */
const ENGINE = "pulumi";

/**
 * Every process that was given this `PULUMI_HOME`: the engine, its language host, its plugins and the program. What they
 * deploy is not among them: workloads get an environment of their own.
 */
export function findEngineProcesses(home: string): readonly EngineProcess[] {
  const marker = `PULUMI_HOME=${home}`;
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      if (!readFileSync(`/proc/${entry}/environ`, "utf8").split("\0").includes(marker)) return [];
      const [, , parent = "0"] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
      const isEngine = basename(readlinkSync(`/proc/${entry}/exe`)) === ENGINE;
      return [{ pid: Number(entry), parent: Number(parent), isEngine }];
    } catch {
      // It has ended meanwhile, or belongs to another user.
      return [];
    }
  });
}

/** Those whose engine has ended: a plugin looks for its engine only now and then, and some never do. */
export function orphansOf(processes: readonly EngineProcess[]): readonly EngineProcess[] {
  const known = new Map(processes.map((one) => [one.pid, one]));
  const hasEngine = (one: EngineProcess): boolean => {
    const parent = known.get(one.parent);
    return one.isEngine || (parent !== undefined && hasEngine(parent));
  };
  return processes.filter((one) => !hasEngine(one));
}

/** Ends what an engine of this environment left behind; says nothing where there is nothing. */
export function endOrphans(home: string): void {
  for (const { pid } of orphansOf(findEngineProcesses(home))) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}
