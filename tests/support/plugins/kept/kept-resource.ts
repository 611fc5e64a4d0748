import { randomBytes, randomUUID } from "node:crypto";
import type { Context, ResourceKind } from "../resource-kind.ts";
import type { Properties } from "../values.ts";

/** What a service answers besides what it was given, by name; the plugin takes those the SDK declares. */
export type Answer = (id: string, inputs: Properties, context: Context) => Properties;

export interface KeptService {
  /** An id of the service's kind. */
  readonly newId: (inputs: Properties) => string;
  readonly answer: Answer;
  /** Inputs that make another resource of it. */
  readonly identity: readonly string[];
  /** Outputs nobody may read. */
  readonly secretOutputs: readonly string[];
}

/**
 * A resource of a service that is not there: what it was given is kept in the engine's state, and every read answers it.
 * So a change made behind the engine's back is the one thing it cannot show.
 */
export function keptResource({ newId, answer, identity, secretOutputs }: KeptService): ResourceKind {
  return {
    stable: true,
    secretOutputs,
    deleteBeforeReplace: true,
    replacedBy: (changed) => changed.filter((name) => identity.includes(name)),
    create(inputs, context) {
      const id = newId(inputs);
      return Promise.resolve({ id, outputs: answer(id, inputs, context) });
    },
    update: ({ olds }) => Promise.resolve(olds),
    delete: () => Promise.resolve(),
  };
}

/** Digits, as services number their resources. */
export function newNumber(): string {
  return String(randomBytes(4).readUInt32BE() + 1);
}

export function newUid(): string {
  return randomUUID().replaceAll("-", "").slice(0, 14);
}
