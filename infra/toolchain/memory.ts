import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../../components/core/hash.ts";
import { makeFolder } from "./cache-folder.ts";
import type { ReleaseSite } from "./release-site.ts";

const FORGOTTEN_AFTER_MS = 6 * 3_600_000;

/**
 * Remembers for six hours that an archive could not be reached, so that a second run does not wait
 * for the network to say no again.
 */
export function remember(cache: string, source: string, site: ReleaseSite): void {
  note(cache, "unreachable", keyOf(source, site), "");
}

export function isRemembered(cache: string, source: string, site: ReleaseSite): boolean {
  try {
    return Date.now() - statSync(join(cache, "unreachable", keyOf(source, site))).mtimeMs < FORGOTTEN_AFTER_MS;
  } catch {
    return false;
  }
}

/** Another mirror is asked although the last one did not answer. */
function keyOf(source: string, { base }: ReleaseSite): string {
  return base === undefined ? source : `${source}-${hashOf(base)}`;
}

/** Notes why a program is left out, for the commands that plan without it. */
export function noteLeftOut(cache: string, program: string, reason: string): void {
  note(cache, "left-out", program, reason);
}

/** Why a program was left out when it was last looked for. */
export function leftOutReason(cache: string, program: string): string | undefined {
  try {
    return readFileSync(join(cache, "left-out", program), "utf8");
  } catch {
    return undefined;
  }
}

function note(cache: string, folder: string, file: string, text: string): void {
  try {
    makeFolder(join(cache, folder));
    writeFileSync(join(cache, folder, file), text);
  } catch {
    // Only costs the next run a probe, or a reason.
  }
}
