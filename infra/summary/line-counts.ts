import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LineCounts } from "./diff-files.ts";

type Contents = Readonly<Record<string, string>>;

/** Counts the lines by which files of both sides differ, as git counts them. */
export function countLines(before: Contents, now: Contents): LineCounts {
  const changed = Object.keys(now).filter((path) => before[path] !== undefined && before[path] !== now[path]);
  if (changed.length === 0) return {};
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-lines-"));
  try {
    // Numbers for names: git prints odd names in its own way.
    changed.forEach((path, index) => {
      write(join(folder, "before", `${index}`), before[path] ?? "");
      write(join(folder, "now", `${index}`), now[path] ?? "");
    });
    return parseNumbers(compareFolders(folder), changed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}

/** git's numbers; it exits with 1 where folders differ, which they do. */
function compareFolders(folder: string): string {
  const args = ["diff", "--no-index", "--numstat", "-z", "--no-renames", "--no-ext-diff", "--text", "before", "now"];
  try {
    return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { status, stdout } = error as { readonly status?: number; readonly stdout?: string };
    if (status === 1 && stdout !== undefined) return stdout;
    throw error;
  }
}

function parseNumbers(output: string, paths: readonly string[]): LineCounts {
  const rows = [...output.matchAll(/(\d+)\t(\d+)\t\0before\/(\d+)\0/g)];
  return Object.fromEntries(
    rows.map(([, added, removed, index]) => [
      paths[Number(index)] ?? "",
      { added: Number(added), removed: Number(removed) },
    ]),
  );
}
