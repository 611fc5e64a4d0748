import { ConfigError } from "../../components/core/errors.ts";
import { defaultCacheFolder, locate } from "./cache.ts";
import { CATALOGUE, entriesOf, GO_FOLDER } from "./catalogue.ts";
import { folderOf } from "./obtain.ts";
import { ensureToolchain } from "./toolchain.ts";

const HELP = `node infra/toolchain/main.ts [--list | --check] [--offline] [program ...]

Finds or obtains the pinned programs of infra/toolchain/versions.json (all of them when none is named)
and prints where each one is. They are kept in ${defaultCacheFolder()}.

  --list     only says what is in the cache
  --check    also compares the contents of cached programs with their checksums; a damaged one is obtained again
  --offline  does not look for official archives: everything is built with Go
`;

const FLAGS = ["--list", "--check", "--offline", "--help"];

async function main(args: readonly string[]): Promise<number> {
  const flags = new Set(args.filter((arg) => arg.startsWith("-")));
  const wrong = [...flags].find((flag) => !FLAGS.includes(flag));
  if (flags.has("--help") || wrong !== undefined) {
    process.stdout.write(HELP);
    return wrong === undefined ? 0 : 2;
  }
  const named = args.filter((arg) => !arg.startsWith("-"));
  const names = named.length > 0 ? named : Object.keys(CATALOGUE.programs);
  if (flags.has("--list")) return list(names);
  const started = performance.now();
  const options = { retry: true, thorough: flags.has("--check"), offline: flags.has("--offline") };
  const { programs, unavailable } = await ensureToolchain(names, options);
  for (const [name, path] of programs) console.log(`${name.padEnd(28)}${path}`);
  for (const [name, reason] of unavailable) console.log(`${name.padEnd(28)}cannot be had here: ${reason}`);
  console.log(`${programs.size} programs ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return 0;
}

function list(names: readonly string[]): number {
  const place = { cache: defaultCacheFolder(), goFolder: GO_FOLDER };
  for (const entry of entriesOf(names, CATALOGUE)) {
    const found = locate(folderOf(entry, place));
    const where = found.state === "present" ? `${found.manifest.obtained.padEnd(9)}${found.path}` : found.state;
    console.log(`${entry.name.padEnd(28)}${entry.source.version.padEnd(14)}${where}`);
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
