import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { toYaml } from "../../components/core/yaml.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import type { EnvironmentName } from "../environment/schema.ts";
import { findProgram } from "../toolchain/toolchain.ts";
import { FREE } from "./model.ts";

/** How a command of the engine is given the policy pack. */
export interface PackLaunch {
  /** Arguments of `pulumi preview` and `pulumi up`. */
  readonly args: readonly string[];
  /** Folders to put before PATH. */
  readonly path: readonly string[];
}

const PACK = join(PROJECT_ROOT, "infra", "policy");

/**
 * The pack for an environment: advice in local and dev, mandatory elsewhere.
 *
 * The official engine runs the pack where it lies. A language host built from source is older than that: it gets
 * a copy in `folder` that says `runtime: node`, for which the engine falls back to starting packs by itself.
 *
 * @param folder - where a copy may lie
 */
export function launchPack(environment: EnvironmentName, folder: string): PackLaunch {
  const levels = FREE.includes(environment) ? ["--policy-pack-config", join(PACK, "advisory.json")] : [];
  const starter = oldStarter();
  if (starter === undefined) return { args: ["--policy-pack", PACK, ...levels], path: [] };
  const copy = join(folder, "policy-pack");
  const bin = writeCopy(copy, starter);
  return { args: ["--policy-pack", copy, ...levels], path: [bin] };
}

/** The script that starts packs for a language host that was built from source; undefined for a released one. */
function oldStarter(): string | undefined {
  const host = findProgram("pulumi-language-nodejs");
  if (host === undefined) return undefined;
  const { obtained } = JSON.parse(readFileSync(join(dirname(host), "manifest.json"), "utf8")) as { obtained: string };
  const script = join(dirname(host), "pulumi-analyzer-policy");
  return obtained === "build" && existsSync(script) ? script : undefined;
}

/** Few small files that lead back to the pack itself. Returns the folder that has the starter by its expected name. */
function writeCopy(copy: string, starter: string): string {
  const bin = join(copy, "bin");
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(copy, "PulumiPolicy.yaml"), toYaml({ runtime: "node", main: "main.mjs" }));
  copyFileSync(join(PACK, "package.json"), join(copy, "package.json"));
  writeFileSync(join(copy, "main.mjs"), `import ${JSON.stringify(pathToFileURL(join(PACK, "index.ts")).href)};\n`);
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(copy, "node_modules"));
  symlinkSync(starter, join(bin, "pulumi-analyzer-policy-node"));
  return bin;
}
