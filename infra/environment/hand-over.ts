import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Longest description that the engine is given itself, in bytes of JSON. It hands its configuration to the program and
 * to the policy pack in one environment variable, which Linux limits to 128 KiB (MAX_ARG_STRLEN), quotes escaped: some
 * 500 hosts over ssh.
 */
const LONGEST_INLINE = 64 * 1024;
const FILE = "environment.json";

interface Reference {
  readonly descriptionFile: string;
}

/**
 * The description of an environment as the engine's configuration holds it: itself, or where it lies when it is too
 * long for that.
 *
 * @param folder - the environment's state folder
 */
export function handOver(description: object, folder: string): object {
  const text = JSON.stringify(description);
  if (Buffer.byteLength(text) <= LONGEST_INLINE) return description;
  const descriptionFile = join(folder, FILE);
  writeFileSync(descriptionFile, text, { mode: 0o600 });
  return { descriptionFile } satisfies Reference;
}

/** What {@link handOver} was given. */
export function takeOver(value: unknown): unknown {
  return isReference(value) ? (JSON.parse(readFileSync(value.descriptionFile, "utf8")) as unknown) : value;
}

function isReference(value: unknown): value is Reference {
  return value !== null && typeof value === "object" && "descriptionFile" in value;
}
