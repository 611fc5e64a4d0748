import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { toYaml } from "../../components/core/yaml.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import type { EnvironmentName } from "../environment/schema.ts";
import { installPlugin } from "../toolchain/engine-folder.ts";
import { findProgram } from "../toolchain/toolchain.ts";
import { FREE } from "./model.ts";

const PACK = join(PROJECT_ROOT, "infra", "policy");

/**
 * Arguments of `pulumi preview` and `pulumi up` that have the pack judge: advice in local and dev, mandatory elsewhere.
 *
 * The official engine runs the pack where it lies. A language host built from source is older than that: it gets
 * a copy in `folder` that says `runtime: node`, for which the engine falls back to a plugin that starts packs.
 *
 * @param folder - where a copy may lie
 * @param pulumiHome - where the engine looks for plugins
 */
export function launchPack(environment: EnvironmentName, folder: string, pulumiHome: string): readonly string[] {
  const levels = FREE.includes(environment) ? ["--policy-pack-config", join(PACK, "advisory.json")] : [];
  const program = oldStarter();
  if (program === undefined) return ["--policy-pack", PACK, ...levels];
  const copy = join(folder, "policy-pack");
  writeCopy(copy);
  installPlugin(pulumiHome, { kind: "analyzer", name: "policy-node", version: "0.0.0", program });
  return ["--policy-pack", copy, ...levels];
}

/** The script that starts packs for a language host that was built from source; undefined for a released one. */
function oldStarter(): string | undefined {
  const host = findProgram("pulumi-language-nodejs");
  if (host === undefined) return undefined;
  const { obtained } = JSON.parse(readFileSync(join(dirname(host), "manifest.json"), "utf8")) as { obtained: string };
  const script = join(dirname(host), "pulumi-analyzer-policy");
  return obtained === "build" && existsSync(script) ? script : undefined;
}

/** Few small files that lead back to the pack itself. */
function writeCopy(copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  writeFileSync(join(copy, "PulumiPolicy.yaml"), toYaml({ runtime: "node", main: "main.mjs" }));
  copyFileSync(join(PACK, "package.json"), join(copy, "package.json"));
  writeFileSync(join(copy, "main.mjs"), `import ${JSON.stringify(pathToFileURL(join(PACK, "index.ts")).href)};\n`);
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(copy, "node_modules"));
}
