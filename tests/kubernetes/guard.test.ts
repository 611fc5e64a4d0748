import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";

const GUARD = join(import.meta.dirname, "..", "support", "cluster", "guard.ts");

/** Starts one program inside the folder and one outside, has both watched, says their ids and lives on. */
const PROGRAM = `
import { spawn } from "node:child_process";
import { Guard } from ${JSON.stringify(GUARD)};
const [folder] = process.argv.slice(1);
const guard = new Guard(folder);
const pids = [folder, "/"].map((cwd) => spawn("sleep", ["60"], { cwd, stdio: "ignore" }).pid);
for (const pid of pids) guard.watch(pid);
console.log(pids.join(" "));
setInterval(() => undefined, 1_000);
`;

it("ends what the tests started when they are killed, and nothing that only has the same process id", async () => {
  const folder = mkdtempSync(join(tmpdir(), "guard-"));
  const tests = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(tests.stdout, "data")) as [Buffer];
  const [inside = 0, outside = 0] = line.toString().trim().split(" ").map(Number);
  try {
    tests.kill("SIGKILL");
    // A killed process is gone once the kernel has seen to it, which takes a moment on a busy machine.
    while (existsSync(folder) || isRunning(inside)) await sleep(20);
    expect([inside, outside].map(isRunning)).toEqual([false, true]);
  } finally {
    process.kill(outside, "SIGKILL");
  }
});

/** A process that has ended but was not waited for, where no init does that, still has an entry. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
