import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identify } from "../../../components/runtime/process/proc.ts";
import { orphansOf } from "../../../infra/cli/engine-processes.ts";
import { repairState, requireSpace } from "../../../infra/cli/repair-state.ts";

/** A process number that no kernel gives. */
const GONE = 2 ** 30;

describe("state that a command left half-way", () => {
  let folder: string;
  let said: string[];
  const file = (name: string) => join(folder, ".pulumi", name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), text);
  };
  const repair = (isHere = false, changes = true) =>
    repairState({ stack: "local", folder, home: join(folder, "home"), isHere, changes }, (line) => said.push(line));
  const STATE = "stacks/gpu-observability/local.json";
  const LOCK = "locks/organization/gpu-observability/local/7d3f.json";
  const lock = (change: object = {}) =>
    JSON.stringify({ pid: GONE, username: "u", hostname: hostname(), timestamp: "2026-11-30T00:00:00Z", ...change });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gpu-observability-repair-"));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("loses the lock of a process that has ended, and says whose it was", async () => {
    write(LOCK, lock());
    await repair();
    expect(existsSync(file(LOCK))).toBe(false);
    expect(said).toEqual([`local: removed the lock of process ${GONE}, which ended before its work was done`]);
  });

  it("loses a lock that a full disk cut off", async () => {
    write(`${LOCK}.tmp`, "");
    await repair();
    expect(existsSync(file(`${LOCK}.tmp`))).toBe(false);
    expect(said).toEqual(["local: removed an unfinished lock of an earlier command"]);
  });

  it("keeps the lock of another machine, and of another stack", async () => {
    const other = LOCK.replace("local/", "dev/");
    write(LOCK, lock({ hostname: "another-machine" }));
    write(other, lock());
    await repair();
    expect([existsSync(file(LOCK)), existsSync(file(other)), said]).toEqual([true, true, []]);
  });

  it("is the state one step earlier where the state was cut off", async () => {
    write(STATE, "");
    write(`${STATE}.bak`, '{"version":3}');
    await repair();
    expect(readFileSync(file(STATE), "utf8")).toBe('{"version":3}');
    expect(said).toEqual([
      expect.stringMatching(/^local: the state was cut off at 0 bytes; restored what it was at 2\d{3}-/),
    ]);
  });

  const BEFORE = "backups/gpu-observability/local/local.17.json";
  const AFTER = "history/gpu-observability/local/local-18.checkpoint.json";
  it("is the newest copy of an earlier update where its backup was cut off too", async () => {
    for (const name of [STATE, `${STATE}.bak`, "history/gpu-observability/dev/dev-19.checkpoint.json"]) write(name, "");
    write(BEFORE, '{"version":1}');
    write(AFTER, '{"version":2}');
    utimesSync(file(BEFORE), 1, 1);
    await repair();
    expect(readFileSync(file(STATE), "utf8")).toBe('{"version":2}');
  });

  it("begins anew where there is no copy and everything runs here", async () => {
    for (const name of [STATE, `${STATE}.bak`, `${STATE}.attrs`]) write(name, "");
    const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
    const workload = join(folder, "workloads", "tempo");
    mkdirSync(join(workload, "data"), { recursive: true });
    const identity = identify(child.pid ?? 0);
    writeFileSync(join(workload, "process.json"), JSON.stringify({ ...identity, name: "tempo", files: [] }));
    const ended = once(child, "exit");
    await repair(true);
    await ended;
    expect(existsSync(join(workload, "data"))).toBe(true);
    expect([STATE, `${STATE}.bak`, `${STATE}.attrs`].filter((name) => existsSync(file(name)))).toEqual([]);
    expect(said.at(-1)).toBe(
      "local: the state was cut off at 0 bytes and has no copy; begins with an empty one, with the data that are there",
    );
  });

  it.each(["meta.yaml", STATE, `${STATE}.bak`])("loses attributes of %s that were cut off", async (name) => {
    write(STATE, "{}");
    write(`${name}.attrs`, "");
    await repair();
    expect(existsSync(file(`${name}.attrs`))).toBe(false);
    expect(said).toEqual([`local: removed ${name}.attrs, which an earlier command left unfinished`]);
  });

  it("keeps attributes that are whole", async () => {
    write(STATE, "{}");
    write(`${STATE}.attrs`, '{"md5":""}');
    await repair();
    expect([existsSync(file(`${STATE}.attrs`)), said]).toEqual([true, []]);
  });

  it("rejects it in a command that only looks, which names the one that begins with an empty state", async () => {
    write(STATE, "");
    await expect(repair(true, false)).rejects.toThrow(/fix +npm run up -- local begins with an empty state/);
    expect(existsSync(file(STATE))).toBe(true);
  });

  it("rejects state without a copy where something may run elsewhere, and touches nothing", async () => {
    write(STATE, '{"versi');
    write(`${STATE}.bak`, "");
    await expect(repair()).rejects.toThrow(
      /expected +the state of the environment, as JSON, or a copy of it beside it\n +got +7 bytes that are none, and no copy/,
    );
    expect(readFileSync(file(STATE), "utf8")).toBe('{"versi');
  });

  it("is left alone where nothing is wrong with it", async () => {
    write(STATE, "{}");
    await repair();
    expect([readFileSync(file(STATE), "utf8"), said]).toEqual(["{}", []]);
  });
});

describe("space for the state", () => {
  it("rejects a nearly full disk before anything starts, with the amount", () => {
    expect(() => requireSpace("/state", "up", () => 8.7)).toThrow(/at least 128 MiB free for the state\n +got +8 MiB/);
  });

  it("asks for less to remove an environment", () => {
    expect(() => requireSpace("/state", "destroy", () => 20)).not.toThrow();
    expect(() => requireSpace("/state", "destroy", () => 2)).toThrow(/at least 16 MiB/);
  });
});

describe("processes of an engine", () => {
  it("are orphans where no engine is above them", () => {
    const engine = { pid: 10, parent: 1, isEngine: true };
    const host = { pid: 11, parent: 10, isEngine: false };
    const program = { pid: 12, parent: 11, isEngine: false };
    const left = { pid: 20, parent: 1, isEngine: false };
    const child = { pid: 21, parent: 20, isEngine: false };
    expect(orphansOf([engine, host, program, left, child])).toEqual([left, child]);
  });
});
