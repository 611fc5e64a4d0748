import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Problem, throwIfAny } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import { installedPlugins, installPlugin } from "../toolchain/engine-folder.ts";
import { RELEASES_VARIABLE, releaseSite } from "../toolchain/release-site.ts";
import { findProgram } from "../toolchain/toolchain.ts";
import { PROJECT_ROOT } from "./folders.ts";
import { runProgram } from "./run-engine.ts";

/** Plugins of the engine for resources, by the package that needs it, and when an environment does. */
const PLUGINS = {
  kubernetes: { package: "@pulumi/kubernetes", owner: "pulumi", isNeeded: isOnKubernetes },
  docker: { package: "@pulumi/docker", owner: "pulumi", isNeeded: ({ runtime }) => runtime === "docker" },
  command: {
    package: "@pulumi/command",
    owner: "pulumi",
    isNeeded: ({ hosts }) => hosts.some(({ runtime }) => runtime === "ssh"),
  },
  grafana: {
    package: "@pulumiverse/grafana",
    owner: "pulumiverse",
    isNeeded: ({ grafana }) => grafana.external !== undefined,
  },
  datadog: { package: "@pulumi/datadog", owner: "pulumi", isNeeded: ({ datadog }) => datadog.enabled },
} as const satisfies Record<string, PluginNeed>;

interface PluginNeed {
  readonly package: string;
  /** Owner of its repository on GitHub. */
  readonly owner: string;
  readonly isNeeded: (environment: Environment) => boolean;
}

export type PluginName = keyof typeof PLUGINS;

/** The engine's variable that says where plugins are downloaded instead, as `pattern=address,…`. */
export const PLUGIN_SOURCES_VARIABLE = "PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES";

/** Whether any part of an environment runs on Kubernetes. */
export function isOnKubernetes({ runtime, hosts }: Environment): boolean {
  return runtime === "kubernetes" || hosts.some((host) => host.runtime === "kubernetes");
}

/** Plugins whose resources an environment has. */
export function pluginsOf(environment: Environment): readonly PluginName[] {
  return (Object.keys(PLUGINS) as PluginName[]).filter((name) => PLUGINS[name].isNeeded(environment));
}

/**
 * Makes the engine download plugins from the mirror of releases, where there is one: a release of
 * `github.com/pulumi/pulumi-docker` from `<base>/github.com/pulumi/pulumi-docker/releases/download/v<version>`.
 * Source: `pluginDownloadURLOverrides` in Pulumi's `sdk/go/common/workspace/plugins.go`.
 */
export function pluginSources(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const { base } = releaseSite(env);
  if (base === undefined || env[PLUGIN_SOURCES_VARIABLE] !== undefined) return {};
  const mirrored = `${base}/github.com/\${org}/\${repo}/releases/download/v\${VERSION}`;
  return { [PLUGIN_SOURCES_VARIABLE]: `^github://api.github.com/(?P<org>[^/]+)/(?P<repo>[^/]+)$=${mirrored}` };
}

/**
 * Has every plugin of an environment where the engine looks, downloaded by the engine where this machine has none.
 *
 * @param env - environment of the engine's commands
 * @throws {ConfigError} naming each plugin that cannot be had, before the engine begins
 */
export async function ensurePlugins(environment: Environment, env: NodeJS.ProcessEnv): Promise<void> {
  const home = env["PULUMI_HOME"] ?? "";
  const built = findProgram("pulumi-resource-kubernetes");
  if (built !== undefined && isOnKubernetes(environment))
    installPlugin(home, { kind: "resource", name: "kubernetes", version: versionOf("kubernetes"), program: built });
  const missing = absentPlugins(pluginsOf(environment), home, env["PATH"] ?? "");
  const failed: Parameters<typeof toProblem>[0][] = [];
  for (const name of missing) {
    const why = await download(name, env);
    if (why !== undefined) failed.push({ name, why });
  }
  throwIfAny(failed.map(toProblem));
}

/** Those of the plugins that are neither installed nor on PATH. */
export function absentPlugins<N extends string>(names: readonly N[], pulumiHome: string, path: string): readonly N[] {
  const installed = installedPlugins(pulumiHome);
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const isOnPath = (name: N) => folders.some((folder) => existsSync(join(folder, `pulumi-resource-${name}`)));
  return names.filter((name) => !installed.includes(name) && !isOnPath(name));
}

function versionOf(name: PluginName): string {
  const require = createRequire(join(PROJECT_ROOT, "package.json"));
  return (require(`${PLUGINS[name].package}/package.json`) as { version: string }).version;
}

/** @returns why it failed, or nothing */
async function download(name: PluginName, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  console.error(`plugin ${name} ${versionOf(name)}: the engine downloads it`);
  const { owner } = PLUGINS[name];
  // Without a server it also tries get.pulumi.com, which has those of Pulumi alone.
  const server = owner === "pulumi" ? [] : ["--server", `github://api.github.com/${owner}`];
  const args = ["plugin", "install", "resource", name, `v${versionOf(name)}`, ...server];
  let said = "";
  const code = await runProgram("pulumi", args, {
    cwd: PROJECT_ROOT,
    env,
    quiet: true,
    onFailure: (text) => (said = text),
  });
  return code === 0 ? undefined : lastError(said);
}

/** The engine warns of every try; only its end says why. */
function lastError(text: string): string {
  const lines = text.split("\n").filter((line) => line.startsWith("error:"));
  return lines.at(-1)?.replace(/^error:.*failed to download plugin: [^:]*: /, "the download ") ?? "no reason";
}

function toProblem({ name, why }: { readonly name: PluginName; readonly why: string }): Problem {
  return {
    path: `plugin ${name} ${versionOf(name)} of the engine`,
    expected: `a download of github.com/${PLUGINS[name].owner}/pulumi-${name}, or pulumi-resource-${name} on PATH`,
    got: why,
    fix: `${RELEASES_VARIABLE}=<base of a mirror>, or ${PLUGIN_SOURCES_VARIABLE}; npm run summary needs no plugin`,
  };
}
