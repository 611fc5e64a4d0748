import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import type { EnvironmentName } from "../../infra/environment/schema.ts";
import { TestEnvironment } from "./test-environment.ts";

/**
 * The version of the project that an upgrade starts from; the only place that names it. At a release, put the commit of
 * the release before it here: `git rev-parse <tag>^{commit}`. It must run with today's `node_modules`.
 */
export const PREVIOUS_COMMIT = "31c8afaedb7be763bd47d6f338ae1ff09817e0e0";

/** Why this checkout cannot give the previous version; undefined when it can. */
export function previousVersionObstacle(): string | undefined {
  try {
    execFileSync("git", ["cat-file", "-e", `${PREVIOUS_COMMIT}^{commit}`], { cwd: PROJECT_ROOT, stdio: "pipe" });
    return undefined;
  } catch {
    return `this checkout has no commit ${PREVIOUS_COMMIT.slice(0, 7)}: it needs its whole history`;
  }
}

/** The state folder a command of the previous version works on, and how it is called there. */
export interface OnState {
  readonly stack: EnvironmentName;
  readonly stateHome: string;
  /** `path=value` for each value that is not the committed one. */
  readonly set?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The previous version of the project, in a temporary folder of its own, with the modules of this one. */
export class PreviousVersion {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "previous-version-"));
    const archive = execFileSync("git", ["archive", PREVIOUS_COMMIT], { cwd: PROJECT_ROOT, maxBuffer: 2 ** 28 });
    execFileSync("tar", ["-x", "-C", this.folder], { input: archive });
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Runs a command of this version on the state of an environment, `env` beside this process's own variables. */
  run({ stack, stateHome, set = [], env = {} }: OnState, command: string, args: readonly string[] = [], input = "") {
    const launcher = ["env", "-C", this.folder];
    const environment = new TestEnvironment(stack, { overrides: set, env, launcher });
    environment.removeFolder();
    return environment.runIn(stateHome, command, args, input);
  }

  removeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
