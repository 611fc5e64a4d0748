import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { ConfigError } from "../../components/core/errors.ts";
import { RELEASES_VARIABLE } from "./release-site.ts";

/** What a Go command needs to run. */
export interface GoRun {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets everything the command prints to its error stream. */
  readonly log: string;
}

/** A Go command that failed; the message ends with the last lines it printed. */
export class GoError extends Error {
  readonly output: string;

  constructor(args: readonly string[], output: string) {
    super(`go ${args.slice(0, 2).join(" ")} failed`);
    this.name = "GoError";
    this.output = output;
  }
}

/**
 * The environment of every build. Static programs without machine paths; GOGC=400 trades memory for
 * a fifth of the time; never another Go than the one installed, which GOTOOLCHAIN=auto would download.
 * The checksum database and the module proxy stay as the user set them.
 */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    GOOS: undefined,
    GOARCH: undefined,
    GOEXPERIMENT: undefined,
    CGO_ENABLED: "0",
    GOGC: "400",
    GOFLAGS: "-buildvcs=false -trimpath",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
  };
}

/**
 * @param because - why something is built: `the official archives cannot be had here`
 * @throws {ConfigError} when Go is missing or older than `minimum`
 */
export async function requireGo(minimum: string, because: string, run: GoRun): Promise<void> {
  const got = await goVersion(run);
  if (got !== undefined && isAtLeast(got, minimum)) return;
  throw new ConfigError([
    {
      path: "Go",
      expected: `Go ${minimum} or newer on PATH, because ${because}`,
      got: got === undefined ? "no working go program on PATH" : `Go ${got}`,
      fix: `install Go ${minimum} or newer from https://go.dev/dl, or name a mirror of the archives (${RELEASES_VARIABLE}), and run the command again`,
    },
  ]);
}

async function goVersion(run: GoRun): Promise<string | undefined> {
  try {
    const text = await go(["env", "GOVERSION"], run);
    return /go(\d+(?:\.\d+)*)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = minimum.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

const TAIL_LINES = 12;

/** Runs Go and gives what it printed; everything else it says goes to the log. */
export function go(args: readonly string[], { cwd, env, log }: GoRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const file = createWriteStream(log, { flags: "a" });
    file.on("error", () => file.destroy());
    file.write(`$ go ${args.join(" ")}\n`);
    const child = spawn("go", args, { cwd, env: goEnvironment(env), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let tail: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      file.write(chunk);
      tail = [...tail, ...chunk.toString().split("\n").filter(Boolean)].slice(-TAIL_LINES);
    });
    child.on("error", (error) => {
      file.end();
      reject(new GoError(args, error.message));
    });
    child.on("close", (code) => {
      file.end();
      if (code === 0) resolve(output);
      else reject(new GoError(args, [...tail, ...(tail.length === 0 ? [output.trim()] : [])].join("\n")));
    });
  });
}
