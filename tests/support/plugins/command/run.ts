import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Log } from "../resource-kind.ts";
import { onHost, type SshConnection } from "./ssh.ts";

/** One run of a command. */
export interface Run {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Which of its outputs a command writes into the engine's log. */
export type Logging = "stdout" | "stderr" | "stdoutAndStderr" | "none";

/** What a command left. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of this machine. @throws when it does not exit with 0 */
export async function runHere(run: Run, interpreter: readonly string[], dir?: string): Promise<Collected> {
  const [program = "/bin/sh", ...args] = interpreter;
  const env = { ...process.env, ...run.environment };
  const child = spawn(program, [...args, run.command], { env, ...(dir === undefined ? {} : { cwd: dir }) });
  const collected = collect(child.stdout, child.stderr);
  // A command that does not read its input is not wrong.
  child.stdin.on("error", () => undefined);
  child.stdin.end(run.stdin ?? "");
  const status = await new Promise<string | number>((resolve, reject) => {
    // Node names the program where it is the folder that is missing.
    child.once("error", (error) =>
      reject(dir === undefined || existsSync(dir) ? error : new Error(`chdir ${dir}: no such file or directory`)),
    );
    child.once("close", (code, signal) => resolve(code ?? signal ?? ""));
  });
  return requireSuccess(run, status, collected());
}

/** Runs a command on another machine. @throws when it does not exit with 0 */
export function runThere(run: Run, connection: SshConnection): Promise<Collected> {
  return onHost(
    connection,
    (client) =>
      new Promise((resolve, reject) => {
        client.exec(run.command, { env: { ...run.environment } }, (error, channel) => {
          if (error !== undefined) return reject(error);
          const collected = collect(channel, channel.stderr);
          channel.once("error", reject);
          let status: string | number = "";
          channel.once("exit", (code: number | null, signal?: string) => (status = code ?? signal ?? ""));
          channel.once("close", () => {
            try {
              resolve(requireSuccess(run, status, collected()));
            } catch (failure) {
              reject(failure as Error);
            }
          });
          channel.end(run.stdin ?? "");
        });
      }),
  );
}

/** What a command wrote, apart and in the order it came. */
export interface Collected extends Ran {
  readonly both: string;
}

function collect(stdout: Readable, stderr: Readable): () => Collected {
  const chunks: { readonly from: "stdout" | "stderr"; readonly data: Buffer }[] = [];
  stdout.on("data", (data: Buffer) => chunks.push({ from: "stdout", data }));
  stderr.on("data", (data: Buffer) => chunks.push({ from: "stderr", data }));
  const text = (wanted?: string) =>
    Buffer.concat(
      chunks.filter(({ from }) => wanted === undefined || from === wanted).map(({ data }) => data),
    ).toString();
  return () => ({ stdout: withoutEnd(text("stdout")), stderr: withoutEnd(text("stderr")), both: text() });
}

function requireSuccess({ command }: Run, status: string | number, collected: Collected): Collected {
  if (status === 0) return collected;
  const how = typeof status === "number" ? `exit status ${status}` : `ended without a status ${status}`.trim();
  // The official plugin names the command, too: a secret in it shows.
  throw new Error(`${how}: running ${JSON.stringify(command)}:\n${collected.both}`);
}

/** Logs what a command wrote, as far as it wants that. */
export async function logRun({ stdout, stderr }: Ran, logging: Logging, log: Log): Promise<void> {
  const isLogged = { stdout: logging.startsWith("stdout"), stderr: logging.toLowerCase().endsWith("stderr") };
  if (isLogged.stdout && stdout !== "") await log("info", stdout);
  if (isLogged.stderr && stderr !== "") await log("info", stderr);
}

function withoutEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
