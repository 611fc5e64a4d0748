import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRunning } from "../../../components/runtime/process/process-record.ts";
import type { ProcessSpec } from "../../../components/runtime/process/process-spec.ts";
import { stopWorkload } from "../../../components/runtime/process/stop.ts";

let nextPort = 21_000 + (process.pid % 700);

/** A port of its own for each test. */
export function takePort(): number {
  return nextPort++;
}

/** A state folder of its own. */
export function makeStateFolder(): string {
  return mkdtempSync(join(tmpdir(), "process-test-"));
}

/** A small server run from text, which answers 200. */
export const SERVER = `
  console.log("listening");
  require("http").createServer((q, s) => s.end("ok")).listen(Number(process.argv[1]), "127.0.0.1");`;

/** A process that runs a script with its port as the one argument. */
export function describeProcess(stateFolder: string, script = SERVER, changes: Partial<ProcessSpec> = {}): ProcessSpec {
  const port = takePort();
  return {
    name: "sample",
    folder: join(stateFolder, "workloads", "sample"),
    command: [process.execPath, "-e", script],
    args: [String(port)],
    env: {},
    files: { "config.yaml": "a: 1\n" },
    secretFiles: { "secrets/token": "secret text" },
    dataFolders: ["data/wal"],
    listeners: [{ name: "http", host: "127.0.0.1", port, protocol: "tcp", access: "plaintext" }],
    health: { scheme: "http", host: "127.0.0.1", port, path: "/", deadlineSeconds: 10 },
    logCapMiB: 1,
    planHash: "plan-1",
    secretHash: "secret-1",
    ...changes,
  };
}

/** Ends what a test left and removes its folder. */
export async function cleanUp(stateFolder: string): Promise<void> {
  const folder = join(stateFolder, "workloads", "sample");
  if (findRunning(folder) !== undefined) await stopWorkload(folder, 500);
  rmSync(stateFolder, { recursive: true, force: true });
}
