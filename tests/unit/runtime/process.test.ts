import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identify, isAlive } from "../../../components/runtime/process/proc.ts";
import {
  findRunning,
  listRunning,
  readRecord,
  writeRecord,
} from "../../../components/runtime/process/process-record.ts";
import { processProvider } from "../../../components/runtime/process/provider.ts";
import { ensureProcess } from "../../../components/runtime/process/start.ts";
import { endProcess, removeWorkload, stopWorkload } from "../../../components/runtime/process/stop.ts";
import { cleanUp, describeProcess, makeStateFolder } from "./process-fixture.ts";

let stateFolder: string;
beforeEach(() => {
  stateFolder = makeStateFolder();
});
afterEach(() => cleanUp(stateFolder));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** Waits until a signal sent to a process has had its effect. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("a process", () => {
  it("runs once its health check answers, in a folder only its owner can enter", async () => {
    const spec = describeProcess(stateFolder);
    const record = await ensureProcess(spec);
    expect(isAlive(record)).toBe(true);
    expect(listRunning(stateFolder).map(({ pid }) => pid)).toEqual([record.pid]);
    expect(modeOf(spec.folder)).toBe("700");
    expect(modeOf(join(spec.folder, "secrets/token"))).toBe("600");
    expect(modeOf(join(spec.folder, "config.yaml"))).toBe("600");
    expect(existsSync(join(spec.folder, "data/wal"))).toBe(true);
    expect(readFileSync(join(spec.folder, "stdout.log"), "utf8")).toContain("listening");
  });

  it("sees PATH, HOME and its own variables, and nothing of the engine's environment", async () => {
    process.env["PULUMI_CONFIG_PASSPHRASE_TEST"] = "hidden";
    const script = `console.log(Object.keys(process.env).sort().join());
      require("http").createServer((q, s) => s.end()).listen(Number(process.argv[1]), "127.0.0.1");`;
    const spec = describeProcess(stateFolder, script, { env: { GOMEMLIMIT: "80MiB" } });
    await ensureProcess(spec);
    delete process.env["PULUMI_CONFIG_PASSPHRASE_TEST"];
    expect(readFileSync(join(spec.folder, "stdout.log"), "utf8").trim()).toBe("GOMEMLIMIT,HOME,PATH");
  });

  it("is left alone when it already runs as described", async () => {
    const spec = describeProcess(stateFolder);
    const first = await ensureProcess(spec);
    expect((await ensureProcess(spec)).pid).toBe(first.pid);
  });

  it("restarts when its hash changes, with files rewritten or removed and data kept", async () => {
    const spec = describeProcess(stateFolder, undefined, { files: { "config.yaml": "a: 1\n", "old/rules.yaml": "x" } });
    const first = await ensureProcess(spec);
    writeFileSync(join(spec.folder, "data/wal/segment"), "kept");
    const second = await ensureProcess({ ...spec, files: { "config.yaml": "a: 2\n" }, planHash: "plan-2" });
    expect(second.pid).not.toBe(first.pid);
    expect(isAlive(first)).toBe(false);
    expect(readFileSync(join(spec.folder, "config.yaml"), "utf8")).toBe("a: 2\n");
    expect(existsSync(join(spec.folder, "old"))).toBe(false);
    expect(readFileSync(join(spec.folder, "data/wal/segment"), "utf8")).toBe("kept");
  });

  it("is removed with everything it had, and the empty folders above", async () => {
    const spec = describeProcess(stateFolder);
    const record = await ensureProcess(spec);
    await removeWorkload(spec.folder);
    expect(isAlive(record)).toBe(false);
    expect(existsSync(stateFolder)).toBe(false);
  });

  it("hears TERM while it is stopped, and is not killed", async () => {
    const flushing = `process.on("SIGTERM", () => { console.log("flushed"); process.exit(0); });
      require("http").createServer((q, s) => s.end()).listen(Number(process.argv[1]), "127.0.0.1");`;
    const spec = describeProcess(stateFolder, flushing);
    const { pid } = await ensureProcess(spec);
    process.kill(pid, "SIGSTOP");
    await stopWorkload(spec.folder, 5_000);
    expect(findRunning(spec.folder)).toBeUndefined();
    expect(readFileSync(join(spec.folder, "stdout.log"), "utf8")).toContain("flushed");
  });

  it("gets TERM first, and KILL when it does not end within the grace", async () => {
    const stubborn = `process.on("SIGTERM", () => console.log("got TERM"));
      require("http").createServer((q, s) => s.end()).listen(Number(process.argv[1]), "127.0.0.1");`;
    const spec = describeProcess(stateFolder, stubborn);
    const record = await ensureProcess(spec);
    await stopWorkload(spec.folder, 300);
    expect(isAlive(record)).toBe(false);
    expect(readFileSync(join(spec.folder, "stdout.log"), "utf8")).toContain("got TERM");
  });
});

describe("a process that fails to start", () => {
  it("rejects with the exit code and the last lines of its log", async () => {
    const spec = describeProcess(stateFolder, `console.error("cannot open /nowhere"); process.exit(3)`);
    await expect(ensureProcess(spec)).rejects.toThrow(
      /sample ended early with exit code 3\n.*stdout\.log:\n.*cannot open/s,
    );
  });

  it("rejects a program that never answers, and leaves nothing running", async () => {
    const spec = describeProcess(stateFolder, `console.log("idle"); setInterval(() => {}, 1000)`);
    const late = { ...spec, health: { ...spec.health, deadlineSeconds: 0.5 } };
    await expect(ensureProcess(late)).rejects.toThrow(/not healthy after 0.5 s: GET http.*ECONNREFUSED.*\| idle/s);
    expect(findRunning(spec.folder)).toBeUndefined();
    expect(isAlive(readRecord(spec.folder)!)).toBe(false);
  });

  it("rejects a program that does not exist", async () => {
    const spec = describeProcess(stateFolder, undefined, { command: ["/nowhere/prometheus"] });
    await expect(ensureProcess(spec)).rejects.toThrow(/could not be started: .*ENOENT/);
  });

  it("rejects a state folder that is a file, and says what to do", async () => {
    const spec = describeProcess(stateFolder);
    writeFileSync(join(stateFolder, "workloads"), "");
    await expect(ensureProcess(spec)).rejects.toThrow(
      /a file where a folder should be \(E(NOTDIR|EXIST)\)[\s\S]*fix +move it away/,
    );
  });
});

describe("a process that is not ours", () => {
  it("is not signalled when it took the number of one that was", async () => {
    const spec = describeProcess(stateFolder);
    const record = await ensureProcess(spec);
    const reused = { ...record, startTime: "1" };
    writeRecord(spec.folder, reused);
    await endProcess(reused, 100);
    await stopWorkload(spec.folder, 100);
    expect(isAlive(record)).toBe(true);
    await endProcess(record);
  });

  it("is not signalled when the record is from before a reboot", async () => {
    const self = identify(process.pid)!;
    await endProcess({ ...self, bootId: "another" }, 100);
    expect(isAlive(self)).toBe(true);
  });

  it("rejects removing a folder that is not a workload's", async () => {
    mkdirSync(join(stateFolder, "precious"));
    await expect(removeWorkload(join(stateFolder, "precious"))).rejects.toThrow("not the folder of a workload");
  });
});

describe("the engine's view of a process", () => {
  it("finds nothing to do while it runs as described", async () => {
    const spec = describeProcess(stateFolder);
    const { outs } = await processProvider.create(spec);
    expect((await processProvider.diff("sample", outs, spec)).changes).toBe(false);
    expect((await processProvider.read("sample", outs)).props).toEqual(outs);
  });

  it("notices that it died, on refresh and without, and starts it again", async () => {
    const spec = describeProcess(stateFolder);
    const { outs } = await processProvider.create(spec);
    process.kill(outs.pid, "SIGKILL");
    await until(() => findRunning(spec.folder) === undefined);
    expect((await processProvider.read("sample", outs)).props.ready).toBe(false);
    expect((await processProvider.diff("sample", outs, spec)).changes).toBe(true);
    const again = await processProvider.update("sample", outs, spec);
    expect(again.outs.pid).not.toBe(outs.pid);
    expect((await processProvider.diff("sample", again.outs, spec)).changes).toBe(false);
  });

  it("notices that it runs and does not answer, and starts it again at once", async () => {
    const spec = describeProcess(stateFolder);
    const { outs } = await processProvider.create(spec);
    process.kill(outs.pid, "SIGSTOP");
    const { props } = await processProvider.read("sample", outs);
    expect(props).toEqual({ ...outs, ready: false });
    expect((await processProvider.diff("sample", props, spec)).changes).toBe(true);
    // As patient as with one that starts, an update would take a quarter of an hour.
    const patient = { ...spec, health: { ...spec.health, deadlineSeconds: 900 } };
    const again = await processProvider.update("sample", props, patient);
    expect(again.outs.pid).not.toBe(outs.pid);
    expect((await processProvider.read("sample", again.outs)).props).toEqual(again.outs);
  });

  it("leaves alone what answers again by the time of the update", async () => {
    const spec = describeProcess(stateFolder);
    const { outs } = await processProvider.create(spec);
    const again = await processProvider.update("sample", { ...outs, ready: false }, spec);
    expect(again.outs).toEqual(outs);
  });

  it("does not ask one that an earlier version started, whose record says not where", async () => {
    const spec = describeProcess(stateFolder);
    const { outs } = await processProvider.create(spec);
    const record = { ...readRecord(spec.folder)! };
    Reflect.deleteProperty(record, "health");
    writeRecord(spec.folder, record);
    process.kill(outs.pid, "SIGSTOP");
    expect((await processProvider.read("sample", outs)).props.ready).toBe(true);
  });

  it.each(["planHash", "secretHash"] as const)("restarts it when %s differs", async (hash) => {
    const spec = describeProcess(stateFolder);
    const { outs } = await processProvider.create(spec);
    const diff = await processProvider.diff("sample", outs, { ...spec, [hash]: "other" });
    expect(diff).toMatchObject({ changes: true, replaces: [] });
  });

  it("ignores where the program lies: a moved clone restarts nothing", async () => {
    const spec = describeProcess(stateFolder);
    const { outs } = await processProvider.create(spec);
    const moved = { ...spec, command: ["/elsewhere/node"] };
    expect((await processProvider.diff("sample", outs, moved)).changes).toBe(false);
  });

  it("keeps no secret in its state, and records a failed start so that destroy cleans it up", async () => {
    const failing = describeProcess(stateFolder, "process.exit(1)");
    const error = await processProvider.create(failing).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ id: "sample", properties: { ready: false, folder: failing.folder } });
    expect(JSON.stringify((error as { properties: object }).properties)).not.toContain("secret text");
  });
});
