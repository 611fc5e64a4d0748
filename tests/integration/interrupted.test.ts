import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { findEngineProcesses } from "../../infra/cli/engine-processes.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";

/** Seconds into `up`: before the engine, and while it starts what it deploys. Each costs two whole `up`s. */
const MOMENTS = [0.7, 8];

describe("an `up` that is cut off", () => {
  const environment = new LocalEnvironment(NETWORKS.interrupted);
  const home = join(environment.folder, "pulumi-home");
  const locks = () => globSync(join(environment.folder, ".pulumi", "locks", "**", "*.{json,tmp}"));
  const engines = () => findEngineProcesses(home);

  /** Starts `up` as npm does, and sends a signal to it after a while. */
  async function cutOff(seconds: number, signal: NodeJS.Signals, whom: () => readonly number[]): Promise<number> {
    const args = ["infra/cli/bootstrap.mjs", "up", "local", ...environment.overrides];
    const child = spawn(process.execPath, args, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, XDG_STATE_HOME: environment.stateHome },
      stdio: "ignore",
    });
    const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
    await sleep(seconds * 1000);
    for (const pid of [...whom(), child.pid ?? 0]) if (existsSync(`/proc/${pid}`)) process.kill(pid, signal);
    return ended;
  }

  const expectHealed = async () => {
    const again = await environment.run("up");
    expect(again.code, again.output.slice(-4000)).toBe(0);
    expect([locks(), engines()]).toEqual([[], []]);
    const destroyed = await environment.run("destroy");
    expect(destroyed.code, destroyed.output.slice(-4000)).toBe(0);
  };

  afterAll(async () => {
    await environment.run("destroy");
    environment.removeFolder();
  }, 120_000);

  it.each(MOMENTS)(
    "by ^C after %s s leaves no lock and no process of the engine, and the next one works",
    async (at) => {
      const code = await cutOff(at, "SIGINT", () => []);
      expect([0, 130]).toContain(code);
      expect([locks(), engines()]).toEqual([[], []]);
      await expectHealed();
    },
    300_000,
  );

  it.each(MOMENTS.slice(1))(
    "by kill -9 of everything after %s s is put right by the next one",
    async (at) => {
      // Every process of the engine, and the command itself: what a crash of the machine's session leaves.
      await cutOff(at, "SIGKILL", () => [...engines().map(({ pid }) => pid), ...commandsOf(environment.stateHome)]);
      await expectHealed();
    },
    300_000,
  );
});

/** Commands that work on this state folder: the bootstrap's child. */
function commandsOf(stateHome: string): readonly number[] {
  return globSync("/proc/[0-9]*/environ").flatMap((file) => {
    const pid = Number(file.split("/")[2]);
    try {
      return readFileSync(file, "utf8").includes(`XDG_STATE_HOME=${stateHome}`) ? [pid] : [];
    } catch {
      return [];
    }
  });
}
