import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { capLog, tailOf } from "../../../components/runtime/process/log-file.ts";
import { ensureProcess } from "../../../components/runtime/process/start.ts";
import { cleanUp, describeProcess, makeStateFolder } from "./process-fixture.ts";

const KEEPER = join(import.meta.dirname, "../../../components/runtime/process/log-keeper.ts");
const LINE = `${"x".repeat(99)}\n`;

let folder: string;
beforeEach(() => {
  folder = makeStateFolder();
});
afterEach(() => cleanUp(folder));

describe("a log", () => {
  it("is left alone below its cap", async () => {
    const log = join(folder, "stdout.log");
    writeFileSync(log, LINE);
    expect(await capLog(log, 1)).toBe(false);
    expect(existsSync(`${log}.1`)).toBe(false);
  });

  it("above its cap keeps the newer half beside it and starts again", async () => {
    const log = join(folder, "stdout.log");
    writeFileSync(log, LINE.repeat(12_000));
    appendFileSync(log, "last line\n");
    expect(await capLog(log, 1)).toBe(true);
    expect(statSync(log).size).toBe(0);
    expect(statSync(`${log}.1`).size).toBe(512 * 1024);
    expect(tailOf(`${log}.1`, 0, 1)).toBe("last line");
  });

  it("gives its last lines, from where a start began", () => {
    const log = join(folder, "stdout.log");
    writeFileSync(log, "before\n");
    appendFileSync(log, "one\ntwo\nthree\n");
    expect(tailOf(log, 7, 2)).toBe("two\nthree");
    expect(tailOf(log, 7)).toBe("one\ntwo\nthree");
  });
});

describe("the log keeper", () => {
  it("caps the log of every workload while it is written to", async () => {
    const other = join(folder, "workloads", "other");
    mkdirSync(other, { recursive: true });
    const log = join(other, "stdout.log");
    writeFileSync(log, LINE.repeat(12_000));
    const spec = describeProcess(folder);
    const { port } = spec.health;
    await ensureProcess({
      ...spec,
      command: [process.execPath, KEEPER],
      args: ["--folder", "..", "--cap-mib", "1", "--port", String(port), "--every-seconds", "0.1"],
      health: { ...spec.health, path: "/healthz" },
    });
    for (let tries = 0; tries < 100 && statSync(log).size > 0; tries++)
      await new Promise((done) => setTimeout(done, 20));
    expect(statSync(log).size).toBe(0);
    expect(existsSync(`${log}.1`)).toBe(true);
    expect(readFileSync(join(spec.folder, "stdout.log"), "utf8")).toContain("capped");
  });
});
