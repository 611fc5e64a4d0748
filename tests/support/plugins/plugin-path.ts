import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { absentPlugins as findAbsent } from "../../../infra/cli/plugins.ts";

/** Stand-ins, by the name of the plugin, with the module that serves it. */
const STAND_INS = {
  command: "command/main.ts",
  docker: "docker/main.ts",
  grafana: "kept/grafana.ts",
  datadog: "kept/datadog.ts",
} as const;

export type StandIn = keyof typeof STAND_INS;

/**
 * A new folder to put on PATH: a `pulumi-resource-<name>` for every stand-in whose official plugin is neither on PATH
 * nor among the installed ones. The caller removes it.
 *
 * @param pulumiHome - where the engine keeps its plugins. @default `PULUMI_HOME`, else `~/.pulumi`
 */
export function pluginPath(pulumiHome = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi")): string {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-plugins-"));
  for (const name of absentPlugins(pulumiHome)) {
    const node = join(PROJECT_ROOT, "node_modules", ".bin", "node");
    const module = join(PROJECT_ROOT, "tests", "support", "plugins", STAND_INS[name]);
    const file = join(folder, `pulumi-resource-${name}`);
    writeFileSync(file, `#!/bin/sh\nexec '${node}' '${module}' "$@"\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

/** Whether the official plugins are wanted wherever they come from: no stand-in is used then. */
export const OFFICIAL_ONLY = process.env["GPU_OBSERVABILITY_OFFICIAL_PLUGINS"] === "true";

/** Plugins this machine has no official one of: those a stand-in serves. */
export function absentPlugins(pulumiHome: string, path = process.env["PATH"] ?? ""): readonly StandIn[] {
  return OFFICIAL_ONLY ? [] : findAbsent(Object.keys(STAND_INS) as StandIn[], pulumiHome, path);
}
