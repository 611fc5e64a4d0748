import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { launchPack } from "../../infra/policy/launch.ts";
import { type Exported, type Measured, readState, type State, type Workplace } from "./fleet.ts";
import { OBJECTS, writeProgram } from "./write-program.ts";

/** Signatures of the engine's: what marks a secret and an asset in an exported state. */
const PROGRAM = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const revive = (value) => {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revive);
  if (value[MARK] === SECRET) return pulumi.secret(revive(JSON.parse(value.plaintext)));
  if (value[MARK] === ASSET) return new pulumi.asset.FileAsset(value.path);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
};
for (const { type, name, inputs } of JSON.parse(readFileSync("${OBJECTS}", "utf8"))) {
  if (inputs === undefined) new pulumi.ComponentResource(type, name);
  else new pulumi.CustomResource(type, name, revive(inputs));
}
`;

interface BareObject {
  readonly type: string;
  readonly name: string;
  /** Nothing of a component. */
  readonly inputs?: unknown;
}

/** What the program itself registers nowhere: the stack is there anyway, and each plugin has its provider. */
const OWN = /^pulumi:(pulumi:Stack|providers:)/;

/**
 * A stack of the same resources as a fleet, each with the inputs it had there, from one flat list: what the engine, its
 * plugins and the policy pack cost by themselves. Nothing is planned or rendered, and no resource waits for another.
 */
export class BareCommands {
  private readonly place: Workplace;
  private readonly folder: string;
  private readonly env: Readonly<Record<string, string>>;
  private readonly pack: readonly string[];

  private constructor(place: Workplace, objects: readonly BareObject[]) {
    this.place = place;
    this.folder = join(place.folder, "bare");
    this.env = {
      PULUMI_HOME: join(place.folder, "bare-home"),
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE: "bare",
      // What the fleet's own runs have compiled.
      NODE_COMPILE_CACHE: join(place.folder, "gpu-observability", "dev", "compiled"),
    };
    mkdirSync(this.folder);
    this.pack = launchPack("dev", this.folder, join(place.folder, "bare-home"));
    writeProgram(this.folder, PROGRAM, objects);
    // Where the dynamic providers look for their code.
    symlinkSync(join(PROJECT_ROOT, "components"), join(this.folder, "components"));
  }

  /** @param fleet - its inputs hold the keys of the benchmark alone */
  static async create(place: Workplace, fleet: Exported): Promise<BareCommands> {
    const bare = new BareCommands(place, toObjects(fleet));
    await bare.engine("stack", "init", "bare");
    return bare;
  }

  /** With the flags that `npm run up` gives the engine. */
  run(command: "preview" | "up"): Promise<Measured> {
    const flags = command === "up" ? ["--yes", "--skip-preview", "--refresh", "--continue-on-error"] : [];
    return this.engine(command, ...flags, ...this.pack, "--suppress-outputs", "--stack", "bare");
  }

  /** What judging costs is the difference. */
  previewUnjudged(): Promise<Measured> {
    return this.engine("preview", "--suppress-outputs", "--stack", "bare");
  }

  state(): State {
    return readState(this.folder, "bare/bare");
  }

  private engine(...args: readonly string[]): Promise<Measured> {
    const { folder: cwd, env } = this;
    return this.place.run(["pulumi", ...args, "--non-interactive"], { cwd, env });
  }
}

function toObjects({ resources }: Exported): readonly BareObject[] {
  return resources
    .filter(({ type }) => !OWN.test(type))
    .map(({ type, urn, inputs, custom }) => {
      const name = urn.split("::").at(-1) ?? "";
      return custom ? { type, name, inputs: inputs ?? {} } : { type, name };
    });
}
