import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../../components/core/errors.ts";
import { GO_FOLDER } from "../../toolchain/catalogue.ts";
import { go, GoError } from "../../toolchain/go.ts";
import { planUpgrade, type UpgradeRequest } from "../../toolchain/upgrade.ts";
import type { Command } from "../command.ts";
import { PROJECT_ROOT } from "../folders.ts";

const VERSIONS = join(PROJECT_ROOT, "infra", "toolchain", "versions.json");

export const command: Command = {
  usage: "npm run upgrade -- <program> <version> [--module <version of its Go module>]",
  summary:
    "Changes the version of a program everywhere: infra/toolchain/versions.json (version, image, Go module; pinned digests go)\n" +
    "and, with Go, infra/toolchain/go/<program>/go.mod and go.sum, which decide what a build runs. Builds and runs nothing:\n" +
    "  npm run upgrade -- prometheus 3.16.0",
  run: async (args) => {
    const { name, ...request } = parse(args);
    const { text, required, isTidied, notes } = planUpgrade(readFileSync(VERSIONS, "utf8"), { name, ...request });
    const goBefore = goOf(name);
    if (required !== undefined) await requireModule(name, required, isTidied);
    writeFileSync(VERSIONS, text);
    const files = ["infra/toolchain/versions.json", ...(required === undefined ? [] : [`infra/toolchain/go/${name}`])];
    console.log(`${name} ${request.version}: changed ${files.join(" and ")}`);
    for (const note of notes) console.log(`to do: ${note}`);
    const go = goOf(name);
    if (go !== goBefore)
      console.log(
        `to do: ${name} now needs Go ${go}; go.minimum in infra/toolchain/versions.json and README.md name the oldest that builds all`,
      );
    console.log("Then: npm run preview -- <stack>, npm test, npm run up -- <stack>");
    return 0;
  },
};

function parse(args: readonly string[]): UpgradeRequest {
  const flag = args.indexOf("--module");
  const words = args.filter((_, index) => flag < 0 || (index !== flag && index !== flag + 1));
  const [name = "", version = "", ...rest] = words;
  if (rest.length > 0) {
    const expected = "a program, a version and --module <version>";
    throw new ConfigError([{ path: "upgrade", expected, got: rest.join(" "), fix: "leave it out" }]);
  }
  return { name, version, moduleVersion: flag < 0 ? undefined : args[flag + 1] };
}

/** The Go that a program needs. */
function goOf(name: string): string | undefined {
  const file = join(GO_FOLDER, name, "go.mod");
  return existsSync(file) ? /^go (\S+)$/m.exec(readFileSync(file, "utf8"))?.[1] : undefined;
}

/** Before anything else is written: a version that there is not changes nothing. */
async function requireModule(name: string, module: string, isTidied: boolean): Promise<void> {
  const cwd = join(GO_FOLDER, name);
  const kept = ["go.mod", "go.sum"].map((file) => [join(cwd, file), readFileSync(join(cwd, file))] as const);
  const work = mkdtempSync(join(tmpdir(), "gpu-observability-upgrade-"));
  const run = { cwd, env: process.env, log: join(work, "go.log") };
  try {
    await go(["get", module], run);
    // Else a build would ask for sums that are not pinned.
    if (isTidied) await go(["mod", "tidy"], run);
  } catch (error) {
    for (const [file, text] of kept) writeFileSync(file, text);
    throw error instanceof GoError ? toProblem(name, module, error) : error;
  } finally {
    rmSync(work, { recursive: true });
  }
}

function toProblem(name: string, module: string, { output }: GoError): ConfigError {
  return new ConfigError([
    {
      path: `infra/toolchain/go/${name}/go.mod`,
      expected: `go get ${module} to change it; nothing is changed`,
      got: output,
      fix: "install Go (https://go.dev/dl) if it is missing, correct the version, or check GOPROXY; then run the command again",
    },
  ]);
}
