import type { Failure } from "./check.ts";
import type { Properties } from "./values.ts";

/** Writes a line of a resource into the engine's log. */
export type Log = (severity: "info" | "warning" | "error", message: string) => Promise<void>;

/** What a resource may know besides its own inputs. */
export interface Context {
  /** Configuration of the provider, without markers of secrecy. */
  readonly config: Properties;
  /** Name the program gave the resource. */
  readonly name: string;
  readonly log: Log;
}

/** One kind of resource of a stand-in. Inputs and states it gets are plain; the plugin keeps secrets apart. */
export interface ResourceKind {
  /** Fills in what the program left open, such as a name. @param seed - random, the same in every try */
  complete?(inputs: Properties, olds: Properties, naming: { name: string; seed: string }): Properties;
  /** What the declarations cannot say. */
  validate?(inputs: Properties): readonly Failure[];
  /** Those of the changed inputs that need another resource in place of this one. */
  replacedBy(changed: readonly string[]): readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** Whether an update leaves computed outputs as they were, so that its preview knows them. @default false */
  readonly stable?: boolean;
  /** Inputs that a preview does not give back. */
  readonly unknownInPreview?: readonly string[];
  /** Computed outputs that are always secret. */
  readonly secretOutputs?: readonly string[];
  /** @throws InitError when the resource exists and does not work */
  create(inputs: Properties, context: Context): Promise<{ readonly id: string; readonly outputs: Properties }>;
  /** What it is now; nothing when it is gone. @default what it was */
  read?(id: string, state: Properties, context: Context): Promise<Properties | undefined>;
  /** @default every change needs another resource */
  update?(change: Update, context: Context): Promise<Properties>;
  delete?(id: string, state: Properties, context: Context): Promise<void>;
}

export interface Update {
  readonly id: string;
  /** Inputs and outputs as they were. */
  readonly olds: Properties;
  readonly news: Properties;
}

/** A resource that was made and does not work: the engine records it, and the next update or destroy goes on from there. */
export class InitError extends Error {
  readonly id: string;
  readonly outputs: Properties;

  constructor(message: string, id: string, outputs: Properties) {
    super(message);
    this.id = id;
    this.outputs = outputs;
  }
}

/** A provider: its SDK, and what it makes. */
export interface PluginDescription {
  /** npm package of the SDK, such as `@pulumi/docker`. */
  readonly sdk: string;
  /** The official plugin's version, which the SDK asks for. */
  readonly version: string;
  /** @returns nothing for a token it does not serve */
  kindOf(token: string): ResourceKind | undefined;
}
