import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";

/**
 * Runs something on the project's files as they are at a commit, in a folder that is gone afterwards. Neither the
 * working copy, nor its index, nor its list of work trees is touched.
 *
 * @param ref - a branch, tag or commit
 * @throws {ConfigError} when git knows no such commit
 */
export function withCheckout<T>(root: string, ref: string, run: (folder: string) => T): T {
  const commit = resolveCommit(root, ref);
  // A project below the top of its repository has a prefix there.
  const prefix = git(root, ["rev-parse", "--show-prefix"]).trim();
  const temporary = mkdtempSync(join(tmpdir(), "gpu-observability-against-"));
  try {
    const folder = join(temporary, "project");
    mkdirSync(folder);
    const index = { GIT_INDEX_FILE: join(temporary, "index") };
    git(root, ["read-tree", `${commit}:${prefix}`], index);
    git(root, ["checkout-index", "--all", `--prefix=${folder}/`], index);
    return run(folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function resolveCommit(root: string, ref: string): string {
  try {
    return git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]).trim();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConfigError([
      missing
        ? { path: "git", expected: "the program on the PATH", got: "nothing", fix: "install git" }
        : {
            path: "--against",
            expected: "a branch, tag or commit of this repository",
            got: `"${ref}"`,
            fix: "fetch it first: git fetch origin main, then --against origin/main",
          },
    ]);
  }
}

function git(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync("git", [...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 26,
  });
}
