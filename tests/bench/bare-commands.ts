import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchPack, type PackLaunch } from "../../infra/policy/launch.ts";
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
for (const { type, name, inputs } of JSON.parse(readFileSync("${OBJECTS}", "utf8")))
  new pulumi.CustomResource(type, name, revive(inputs));
`;

interface BareObject {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
}

/** Plugins whose resources can stand bare; the platform's own components and dynamic providers cannot. */
const BARE = /^(command|docker):/;
const COMMAND = "command:remote:Command";

/**
 * A stack of nothing but what plugins make for a fleet, with the same inputs, and for each other resource that the fleet
 * has one small command: what the engine, its plugins and the policy pack cost by themselves.
 */
export class BareCommands {
  private readonly place: Workplace;
  private readonly folder: string;
  private readonly env: Readonly<Record<string, string>>;
  private readonly pack: PackLaunch;

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
    this.pack = launchPack("dev", this.folder);
    writeProgram(this.folder, PROGRAM, objects);
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
    return this.engine(command, ...flags, ...this.pack.args, "--suppress-outputs", "--stack", "bare");
  }

  /** What judging costs is the difference. */
  previewUnjudged(): Promise<Measured> {
    return this.engine("preview", "--suppress-outputs", "--stack", "bare");
  }

  state(): State {
    return readState(this.folder, "bare/bare");
  }

  private engine(...args: readonly string[]): Promise<Measured> {
    const { folder: cwd, env, pack } = this;
    return this.place.run(["pulumi", ...args, "--non-interactive"], { cwd, env, path: pack.path });
  }
}

function toObjects({ resources }: Exported): readonly BareObject[] {
  // The stack itself is there anyway, and each has its providers.
  const own = resources.filter(({ type }) => !/^pulumi:(pulumi:Stack|providers:)/.test(type));
  const { connection } = own.find(({ type }) => type === COMMAND)?.inputs ?? {};
  return own.map(({ type, urn, inputs }, index): BareObject => {
    if (BARE.test(type)) return { type, name: urn.split("::").at(-1) ?? "", inputs };
    return { type: COMMAND, name: `bare-${index}`, inputs: { connection, create: "true", stdin: String(index) } };
  });
}
