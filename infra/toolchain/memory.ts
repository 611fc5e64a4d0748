import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./cache-folder.ts";

const FORGOTTEN_AFTER_MS = 6 * 3_600_000;

/**
 * Remembers for six hours that an archive could not be reached, so that a second run does not wait
 * for the network to say no again.
 */
export function remember(cache: string, source: string): void {
  try {
    makeFolder(join(cache, "unreachable"));
    writeFileSync(join(cache, "unreachable", source), "");
  } catch {
    // Only costs the next run a probe.
  }
}

export function isRemembered(cache: string, source: string): boolean {
  try {
    return Date.now() - statSync(join(cache, "unreachable", source)).mtimeMs < FORGOTTEN_AFTER_MS;
  } catch {
    return false;
  }
}
