import type { Tree } from "../model.ts";

/** What the readers take of a resource of the engine: a part of `PolicyResource` and of a test's fixture alike. */
export interface EngineResource {
  readonly type: string;
  readonly urn: string;
  /** Inputs or outputs; values not known yet are already left out. */
  readonly props: Tree;
  readonly protect: boolean;
}

/** Name of the stack in a URN, `urn:pulumi:<stack>::<project>::<type>::<name>`. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":")[2] ?? "";
}
