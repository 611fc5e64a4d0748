import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
  const repair = () => repairState({ stack: "local", folder, home: join(folder, "home") }, (line) => said.push(line));
  const STATE = "stacks/gpu-observability/local.json";
  const LOCK = "locks/organization/gpu-observability/local/7d3f.json";
  const lock = (change: object = {}) =>
    JSON.stringify({ pid: GONE, username: "u", hostname: hostname(), timestamp: "2026-11-30T00:00:00Z", ...change });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gpu-observability-repair-"));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("loses the lock of a process that has ended, and says whose it was", () => {
    write(LOCK, lock());
    repair();
    expect(existsSync(file(LOCK))).toBe(false);
    expect(said).toEqual([`local: removed the lock of process ${GONE}, which ended before its work was done`]);
  });

  it("loses a lock that a full disk cut off", () => {
    write(`${LOCK}.tmp`, "");
    repair();
    expect(existsSync(file(`${LOCK}.tmp`))).toBe(false);
    expect(said).toEqual(["local: removed an unfinished lock of an earlier command"]);
  });

  it("keeps the lock of another machine, and of another stack", () => {
    const other = LOCK.replace("local/", "dev/");
    write(LOCK, lock({ hostname: "another-machine" }));
    write(other, lock());
    repair();
    expect([existsSync(file(LOCK)), existsSync(file(other)), said]).toEqual([true, true, []]);
  });

  it("is the state one step earlier where the state was cut off", () => {
    write(STATE, "");
    write(`${STATE}.bak`, '{"version":3}');
    repair();
    expect(readFileSync(file(STATE), "utf8")).toBe('{"version":3}');
    expect(said).toEqual(["local: the state was cut off at 0 bytes; restored what it was one step earlier"]);
  });

  it.each(["meta.yaml", STATE, `${STATE}.bak`])("loses attributes of %s that were cut off", (name) => {
    write(STATE, "{}");
    write(`${name}.attrs`, "");
    repair();
    expect(existsSync(file(`${name}.attrs`))).toBe(false);
    expect(said).toEqual([`local: removed ${name}.attrs, which an earlier command left unfinished`]);
  });

  it("keeps attributes that are whole", () => {
    write(STATE, "{}");
    write(`${STATE}.attrs`, '{"md5":""}');
    repair();
    expect([existsSync(file(`${STATE}.attrs`)), said]).toEqual([true, []]);
  });

  it("rejects state whose backup is cut off too, and touches neither", () => {
    write(STATE, '{"versi');
    write(`${STATE}.bak`, "");
    expect(repair).toThrow(
      /expected +the state of the environment, as JSON\n +got +7 bytes that are none; its backup is/,
    );
    expect(readFileSync(file(STATE), "utf8")).toBe('{"versi');
  });

  it("is left alone where nothing is wrong with it", () => {
    write(STATE, "{}");
    repair();
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
