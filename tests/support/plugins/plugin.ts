import { checkInputs, type Failure } from "./check.ts";
import type { Context, Log, PluginDescription, ResourceKind } from "./resource-kind.ts";
import { type ObjectType, type ResourceDeclaration, SdkTypes } from "./sdk-types.ts";
import {
  changedProperties,
  holdsUnknown,
  isUnknown,
  type Properties,
  toPlainProperties,
  toSecret,
  UNKNOWN,
} from "./values.ts";

/** What the engine adds to a provider's configuration. */
const ENGINE_OWN = ["version", "pluginDownloadURL"];

interface Known {
  readonly kind: ResourceKind;
  readonly declaration: ResourceDeclaration;
}

/** Which resource a call is about. */
interface Subject {
  readonly token: string;
  readonly name: string;
}

/** What the engine is told of a difference. */
export interface Difference {
  readonly changed: readonly string[];
  readonly replaced: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What every stand-in has in common: checks, secrets, unknown values, previews. What it makes is its kinds' business. */
export class Plugin {
  readonly version: string;
  private readonly description: PluginDescription;
  private readonly types: SdkTypes;
  private readonly known = new Map<string, Known>();
  private config: Properties = {};

  constructor(description: PluginDescription) {
    this.description = description;
    this.version = description.version;
    this.types = new SdkTypes(description.sdk);
  }

  configure(config: Properties): void {
    this.config = parseConfig(toPlainProperties(config), this.types.provider());
  }

  /** Compares the provider's configuration with its declared type. */
  checkConfig(config: Properties): readonly Failure[] {
    const own = Object.fromEntries(
      Object.entries(toPlainProperties(config)).filter(([name]) => !ENGINE_OWN.includes(name)),
    );
    const declared = this.types.provider();
    return checkInputs(parseConfig(own, declared), declared);
  }

  check(urn: string, olds: Properties, news: Properties, seed: string) {
    const { kind, declaration } = this.find(urn);
    const plain = toPlainProperties(news);
    const failures: readonly Failure[] = [
      ...checkInputs(news, declaration.inputs),
      ...(holdsUnknown(news) ? [] : (kind.validate?.(plain) ?? [])),
    ];
    const own = kind.complete?.(plain, toPlainProperties(olds), { name: subjectOf(urn).name, seed }) ?? {};
    return { inputs: { ...news, ...own }, failures };
  }

  diff(urn: string, oldInputs: Properties, news: Properties): Difference {
    const { kind } = this.find(urn);
    const changed = changedProperties(oldInputs, news);
    const replaced = kind.update === undefined ? changed : kind.replacedBy(changed);
    return { changed, replaced, deleteBeforeReplace: kind.deleteBeforeReplace ?? false };
  }

  /** @param preview - whether to tell what would be, without doing anything */
  async create(urn: string, inputs: Properties, preview: boolean, log: Log) {
    const known = this.find(urn);
    if (preview) return { id: "", outputs: this.previewed(known, inputs, {}) };
    const { id, outputs } = await known.kind.create(toPlainProperties(inputs), this.context(urn, log));
    return { id, outputs: this.state(known, inputs, outputs) };
  }

  async read(urn: string, id: string, state: Properties, inputs: Properties, log: Log) {
    const known = this.find(urn);
    if (known.kind.read === undefined) return { state, inputs };
    const found = await known.kind.read(id, toPlainProperties(state), this.context(urn, log));
    if (found === undefined) return undefined;
    const same = (name: string) => changedProperties({ [name]: found[name] }, { [name]: state[name] }).length === 0;
    // What did not change keeps its secrecy.
    const drifted = Object.fromEntries(Object.entries(found).filter(([name]) => !same(name)));
    const inputNames = Object.keys(drifted).filter((name) => name in inputs);
    const driftedInputs = Object.fromEntries(inputNames.map((name) => [name, drifted[name]]));
    return { state: { ...state, ...drifted }, inputs: { ...inputs, ...driftedInputs } };
  }

  async update(urn: string, id: string, change: { olds: Properties; news: Properties }, preview: boolean, log: Log) {
    const known = this.find(urn);
    const { olds, news } = change;
    if (preview) return this.previewed(known, news, olds);
    if (known.kind.update === undefined) throw new Error(`${urn} cannot be updated`);
    const plain = { id, olds: toPlainProperties(olds), news: toPlainProperties(news) };
    return this.state(known, news, await known.kind.update(plain, this.context(urn, log)));
  }

  async delete(urn: string, id: string, state: Properties, log: Log): Promise<void> {
    await this.find(urn).kind.delete?.(id, toPlainProperties(state), this.context(urn, log));
  }

  private previewed(known: Known, inputs: Properties, olds: Properties): Properties {
    const unknown = (known.kind.unknownInPreview ?? []).map((name) => [name, UNKNOWN] as const);
    return { ...this.state(known, inputs, unknownOutputs(known, olds)), ...Object.fromEntries(unknown) };
  }

  /** State of a resource: its inputs as they came, markers included, and what was computed. */
  private state({ kind, declaration }: Known, inputs: Properties, outputs: Properties): Properties {
    const { secretOutputs = [] } = kind;
    const computed = Object.entries(outputs).filter(
      ([name, value]) => !(name in inputs) && value !== undefined && declaration.outputs.includes(name),
    );
    return {
      ...inputs,
      ...Object.fromEntries(
        computed.map(([name, value]) => [name, secretOutputs.includes(name) ? toSecret(value) : value]),
      ),
    };
  }

  /** {@link state} of a resource that was made and does not work. */
  brokenState(urn: string, inputs: Properties, outputs: Properties): Properties {
    return this.state(this.find(urn), inputs, outputs);
  }

  private find(urn: string): Known {
    const { token } = subjectOf(urn);
    const known = this.known.get(token);
    if (known !== undefined) return known;
    const kind = this.description.kindOf(token);
    if (kind === undefined) throw new Error(`this stand-in for ${this.description.sdk} has no ${token}`);
    const found = { kind, declaration: this.types.resource(token) };
    this.known.set(token, found);
    return found;
  }

  private context(urn: string, log: Log): Context {
    return { config: this.config, name: subjectOf(urn).name, log };
  }
}

/** What a preview cannot know. */
function unknownOutputs({ kind, declaration }: Known, olds: Properties): Properties {
  const computed = declaration.outputs.filter((name) => !declaration.inputs.has(name));
  return Object.fromEntries(computed.map((name) => [name, kind.stable && name in olds ? olds[name] : UNKNOWN]));
}

/** Values that are no strings come as JSON in one. */
function parseConfig(config: Properties, declared: ObjectType): Properties {
  const entries = Object.entries(config).map(([name, value]) => {
    const kind = declared.get(name)?.type.kind;
    const isText = typeof value !== "string" || isUnknown(value) || kind === "string" || kind === undefined;
    return [name, isText ? value : (JSON.parse(value) as unknown)];
  });
  return Object.fromEntries(entries) as Properties;
}

function subjectOf(urn: string): Subject {
  const [, , types = "", name = ""] = urn.split("::");
  return { token: types.split("$").at(-1) ?? "", name };
}
