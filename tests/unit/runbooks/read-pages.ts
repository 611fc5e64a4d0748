import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { renderStackSchema } from "../../../infra/environment/json-schema.ts";

export const RUNBOOKS = join(PROJECT_ROOT, "infra", "runbooks");

/** A page as it is committed. */
export interface Page {
  /** Path below the folder it was read from. */
  readonly path: string;
  readonly text: string;
}

export const PAGES: readonly Page[] = readdirSync(RUNBOOKS, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => ({ path, text: readFileSync(join(RUNBOOKS, path), "utf8") }));

/** Pages by patterns of their paths, from the project's root. */
export function readPages(...patterns: readonly string[]): readonly Page[] {
  const paths = new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: PROJECT_ROOT })));
  return [...paths].toSorted().map((path) => ({ path, text: readFileSync(join(PROJECT_ROOT, path), "utf8") }));
}

/** Everything found by a pattern's first group, with the page it is on. */
export function findAll(pattern: RegExp, pages: readonly Page[] = PAGES): readonly { page: string; found: string }[] {
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([all, found = all]) => ({ page: path, found })),
  );
}

/**
 * Commands a page tells to run: lines of its `sh` blocks, and what looks like one elsewhere. The first cell of a row is
 * left out: it names what the row is about, such as a document's own form of a command.
 */
export function listCommands(pages: readonly Page[] = PAGES): readonly { page: string; found: string }[] {
  const blocks = findAll(/^ *```sh\n([\s\S]*?)^ *```/gm, pages).flatMap(({ page, found }) =>
    found
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => ({ page, found: line.trim() })),
  );
  const withoutFirstCells = pages.map(({ path, text }) => ({ path, text: text.replaceAll(/^\|[^|]*\|/gm, "|") }));
  const spans = findAll(/`((?:npm|docker|kubectl|ssh|pid=)[^`]*)`/g, withoutFirstCells);
  return [...blocks, ...spans];
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: unknown;
  readonly $ref?: string;
}

const ENVIRONMENT = findEnvironment(renderStackSchema() as SchemaNode);

/** Whether a dotted path is a key of an environment. */
export function isKey(path: string): boolean {
  let node: SchemaNode | undefined = ENVIRONMENT;
  for (const key of path.split(".")) {
    if (node?.properties === undefined) return typeof node?.additionalProperties === "object";
    node = node.properties[key];
  }
  return node !== undefined;
}

/** The part of the stack file's schema that is about the environment. */
function findEnvironment(schema: SchemaNode): SchemaNode | undefined {
  if (schema.properties?.["gateways"] !== undefined) return schema;
  for (const node of Object.values(schema.properties ?? {})) {
    const found = findEnvironment(node);
    if (found !== undefined) return found;
  }
  return undefined;
}
