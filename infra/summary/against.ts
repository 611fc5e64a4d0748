import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { stackFile } from "../environment/stack-file.ts";
import { withCheckout } from "./checkout.ts";
import { readGoldens } from "./goldens.ts";
import { SUMMARY_FORMAT } from "./model.ts";
import type { Side } from "./stack.ts";

/** An environment at another commit. */
export interface EarlierSide {
  /** None where the environment was not there, or nothing can be said of it. */
  readonly side?: Side;
  /** What the comparison cannot see, and why. */
  readonly notes: readonly string[];
}

export type EarlierSides = Readonly<Partial<Record<string, EarlierSide>>>;

const MAIN = join("infra", "summary", "main.ts");

/**
 * Plans environments as they are at a commit, with that commit's own code. Where that has no summary, or cannot run,
 * its renderings in `tests/golden` are read.
 *
 * @throws {ConfigError} when git knows no such commit
 */
export function readAgainst(root: string, ref: string, names: readonly string[]): EarlierSides {
  return withCheckout(root, ref, (folder) => {
    const present = names.filter((name) => existsSync(join(folder, stackFile(name))));
    const planned = planThere(root, folder, present);
    const sideOf = (name: string): EarlierSide => {
      if (!present.includes(name)) return { notes: [`${ref} has no environment ${name}: all of it is new`] };
      const side = planned.sides?.[name];
      if (side !== undefined) return { side, notes: planned.notes };
      const golden = readGoldens(folder, name);
      const note = `compared with the renderings in tests/golden of ${ref}, which tell of workloads, programs, ports and files alone: ${planned.notes.join(" ")}`;
      return golden === undefined ? { notes: planned.notes } : { side: golden, notes: [note] };
    };
    return Object.fromEntries(names.map((name) => [name, sideOf(name)]));
  });
}

interface Planned {
  readonly sides?: Partial<Record<string, Side>>;
  readonly notes: readonly string[];
}

/** Runs the summary of that commit, with the packages of this one. */
function planThere(root: string, folder: string, names: readonly string[]): Planned {
  if (!existsSync(join(folder, MAIN))) return { notes: ["it has no infra/summary."] };
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const isSame = readLock(root) === readLock(folder);
  const notes = isSame ? [] : ["its package-lock.json differs; it was planned with the packages installed here."];
  try {
    const { PATH, HOME } = process.env;
    const text = execFileSync(process.execPath, [MAIN, ...names], {
      cwd: folder,
      encoding: "utf8",
      // No more than it needs: what it prints is published.
      env: { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }) },
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 2 ** 28,
    });
    const sides = JSON.parse(text) as Record<string, Side>;
    const others = Object.values(sides).filter(({ summary }) => summary.format !== SUMMARY_FORMAT);
    return others.length === 0 ? { sides, notes } : { notes: ["its summary has another format."] };
  } catch (error) {
    const { stderr = String(error) } = error as { readonly stderr?: string };
    return { notes: [...notes, `its summary failed: ${reasonOf(stderr)}`] };
  }
}

/** What went wrong, without the stack of calls above an error that nobody caught. */
function reasonOf(text: string): string {
  const start = Math.max(text.search(/^\w*Error\b/m), 0);
  return (
    text
      .slice(start)
      .split(/\n\s+at /)[0]
      ?.replace(/\s+/g, " ")
      .trim()
      .slice(0, 300) ?? ""
  );
}

function readLock(folder: string): string {
  const file = join(folder, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
