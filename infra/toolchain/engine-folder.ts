import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What the engine finds beside itself in its official archive, and calls a stranger anywhere else on PATH. */
const BUNDLED = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/**
 * A folder of the cache where the engine lies beside the programs that its official archive bundles with it. Each program
 * has a folder of its own there; found on PATH alone, the engine warns of each (`IsPluginBundled` in Pulumi's
 * `sdk/go/common/workspace/plugins.go`). The files are the same ones, by hard links: the engine looks beside its real path.
 *
 * @param pulumi - path of the engine in the cache
 * @param languageHost - path of its language host in the cache
 */
export function engineFolder(pulumi: string, languageHost: string): string {
  const cache = join(dirname(pulumi), "..", "..", "..");
  const folder = join(cache, "engine", `${basename(dirname(pulumi))}+${basename(dirname(languageHost))}`);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  linkSync(pulumi, join(draft, basename(pulumi)));
  for (const name of BUNDLED) linkSync(join(dirname(languageHost), name), join(draft, name));
  try {
    renameSync(draft, folder);
  } catch {
    // Another process was faster.
    rmSync(draft, { recursive: true });
  }
  return folder;
}

/** A plugin of the engine that lies somewhere else on this machine. */
export interface LocalPlugin {
  readonly kind: "resource" | "analyzer";
  /** Name without the kind: `kubernetes`. */
  readonly name: string;
  readonly version: string;
  /** Path of its program. */
  readonly program: string;
}

/** Puts a plugin where the engine keeps those it downloads: on PATH it would warn of it. */
export function installPlugin(pulumiHome: string, { kind, name, version, program }: LocalPlugin): void {
  const folder = join(pulumiHome, "plugins", `${kind}-${name}-v${version}`);
  const link = join(folder, `pulumi-${kind}-${name}`);
  mkdirSync(folder, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(program, link);
}

/** Names of the resource plugins that lie there, such as `kubernetes`. */
export function installedPlugins(pulumiHome: string): readonly string[] {
  const folder = join(pulumiHome, "plugins");
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => /^resource-(.+)-v\d/.exec(name)?.[1])
    .filter((name) => name !== undefined);
}
