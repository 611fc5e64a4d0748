import { readFileSync } from "node:fs";
import type { ProgramStatus } from "./status/programs.ts";

/** One resource that `up` would touch. */
export interface Drifted {
  /** `create`, `update`, `replace` or `delete`. */
  readonly op: string;
  /** Type of the resource. */
  readonly type: string;
  readonly name: string;
  /** Properties that differ; empty where the whole resource does. */
  readonly properties: readonly string[];
}

interface EngineEvent {
  readonly resourcePreEvent?: {
    readonly metadata: {
      readonly op: string;
      readonly urn: string;
      readonly type: string;
      readonly diffs?: readonly string[] | null;
    };
  };
}

/** Steps that leave a resource as it is. A refresh looks; what it found follows as a step of its own. */
const HARMLESS = ["same", "refresh", "read", "read-replacement", "import", "remove-pending-replace"];

/** Steps of a replacement that say the same again. */
const PARTS_OF_REPLACE = ["create-replacement", "delete-replaced", "discard-replaced", "read-discard"];

/**
 * What a preview with refresh would change, from the events it wrote (`--event-log`, one JSON object a line).
 *
 * @throws {SyntaxError} when a line is no JSON, as when the engine was killed
 */
export function parseDrift(eventLog: string): readonly Drifted[] {
  return eventLog
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      const { resourcePreEvent } = JSON.parse(line) as EngineEvent;
      if (resourcePreEvent === undefined) return [];
      const { op, urn, type, diffs } = resourcePreEvent.metadata;
      if (HARMLESS.includes(op) || PARTS_OF_REPLACE.includes(op)) return [];
      return [{ op, type, name: urn.split("::").at(-1) ?? urn, properties: diffs ?? [] }];
    });
}

/** Reads the events of a preview. */
export function readDrift(file: string): readonly Drifted[] {
  return parseDrift(readFileSync(file, "utf8"));
}

/** What drifted, for a person; programs of this machine that run and do not answer with their last answer. */
export function toDriftText(stack: string, drifted: readonly Drifted[], programs: readonly ProgramStatus[]): string {
  const silences = new Map(programs.flatMap(toSilence));
  const lines = drifted.map(({ op, type, name, properties }) => {
    const silence = silences.get(name);
    silences.delete(name);
    const which = properties.length === 0 ? "" : `: ${properties.join(", ")}`;
    return `  ${op.padEnd(8)} ${name} (${type})${silence === undefined ? which : `: ${silence}`}`;
  });
  // Silent since the engine looked, or started by an earlier version.
  for (const [name, silence] of silences) lines.push(`  ${"restart".padEnd(8)} ${name}: ${silence}`);
  if (lines.length === 0) return `${stack}: no drift`;
  return [`${stack}: ${lines.length} drifted`, ...lines, `fix it with: npm run up -- ${stack}`].join("\n");
}

function toSilence({ name, state }: ProgramStatus): readonly (readonly [string, string])[] {
  if (state.kind !== "silent") return [];
  const { pid, asked, lastAnswer } = state;
  return [[`${name}-process`, `process ${pid} runs and does not answer: ${asked}: ${lastAnswer}`]];
}
