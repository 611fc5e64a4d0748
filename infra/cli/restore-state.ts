import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { listWorkloadFolders } from "../../components/runtime/process/process-record.ts";
import { stopWorkload } from "../../components/runtime/process/stop.ts";
import type { StatePlace } from "./repair-state.ts";

/**
 * Puts a copy in the place of state that was cut off: the backup of the step before, else the newest copy that the engine
 * made before or after an update. Where there is none and everything runs on this machine, a command that
 * changes it begins with an empty state: what runs is ended, data stay in their folders.
 *
 * @throws {ConfigError} where no copy can be read and something may run elsewhere, or the command only looks
 */
export async function restoreState(place: StatePlace, say: (line: string) => void): Promise<void> {
  const { stack, folder } = place;
  for (const file of globSync(join(folder, ".pulumi", "stacks", "**", `${stack}.json`))) {
    const text = readFileSync(file, "utf8");
    if (isJson(text)) continue;
    const copy = copiesOf(place, file).find((one) => isJson(readFileSync(one, "utf8")));
    const lost = `${stack}: the state was cut off at ${text.length} bytes`;
    if (copy === undefined) {
      if (!place.isHere || !place.changes) throw unreadable(file, text, place);
      await endAll(folder);
      for (const one of [file, `${file}.bak`]) for (const gone of [one, `${one}.attrs`]) rmSync(gone, { force: true });
      say(`${lost} and has no copy; begins with an empty one, with the data that are there`);
      continue;
    }
    // Beside it first: the disk may be full again.
    writeFileSync(`${file}.restored`, readFileSync(copy), { mode: 0o600 });
    renameSync(`${file}.restored`, file);
    say(`${lost}; restored what it was at ${statSync(copy).mtime.toISOString()}`);
  }
}

/** The best first: the backup of the step before, then what the engine copied at updates, the newest first. */
function copiesOf({ stack, folder }: StatePlace, file: string): readonly string[] {
  const backup = `${file}.bak`;
  const older = globSync([`backups/**/${stack}/${stack}.*.json`, `history/**/${stack}/${stack}-*.checkpoint.json`], {
    cwd: join(folder, ".pulumi"),
  }).map((name) => join(folder, ".pulumi", name));
  const newestFirst = older.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return [...(existsSync(backup) ? [backup] : []), ...newestFirst];
}

/** Ends every program that was started from the folder, so that none is left that the new state does not know. */
async function endAll(folder: string): Promise<void> {
  for (const workload of listWorkloadFolders(folder)) await stopWorkload(workload);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unreadable(file: string, text: string, { stack, isHere }: StatePlace): ConfigError {
  return new ConfigError([
    {
      path: file,
      expected: "the state of the environment, as JSON, or a copy of it beside it",
      got: `${text.length} bytes that are none, and no copy that can be read`,
      fix: isHere
        ? `npm run up -- ${stack} begins with an empty state, with the data that are there`
        : "restore it from a backup of yours; without one, remove by hand what was brought up, then this file",
    },
  ]);
}
