import { spawn } from "node:child_process";
import { chmodSync, existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError, throwIfAny } from "../../components/core/errors.ts";
import { toYaml } from "../../components/core/yaml.ts";
import { handOver } from "../environment/hand-over.ts";

import { type Environment, type EnvironmentName, levelOf } from "../environment/schema.ts";
import { ENVIRONMENT_KEY, readStackConfig } from "../environment/stack-file.ts";
import { makeFolder as createFolder } from "../toolchain/cache-folder.ts";
import { ensureToolchain } from "../toolchain/toolchain.ts";
import { launchPack } from "../policy/launch.ts";
import { ENGINE_PROGRAMS, engineEnvironment, engineHome, KUBERNETES_PLUGIN } from "./engine-environment.ts";
import { PROJECT_ROOT, stateFolder } from "./folders.ts";
import { findWrongPassphrase } from "./passphrase.ts";
import { ensurePlugins, isOnKubernetes } from "./plugins.ts";
import { refuseWhileAtWork, releaseState, repairState, requireSpace } from "./repair-state.ts";
import { runProgram } from "./run-engine.ts";

const SECRETS_FILE = "secrets.yaml";

/** Programs of the engine for an environment, with the plugins that can be had where the engine cannot download any. */
function engineProgramsOf(environment: Environment): readonly string[] {
  return [...ENGINE_PROGRAMS, ...(isOnKubernetes(environment) ? [KUBERNETES_PLUGIN] : [])];
}

export interface EngineOptions {
  /** Say nothing unless it fails. @default false */
  readonly quiet?: boolean;
  /** Variables of the environment for this one command. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Lines of the engine's output to leave out. @default none */
  readonly omit?: RegExp;
  /** Whose levels the policy pack judges by. @default the environment's own */
  readonly judgedAs?: EnvironmentName;
}

/** Runs a command of the Pulumi engine on an environment, with the right environment around it. */
export async function runEngine(
  environment: Environment,
  command: readonly string[],
  options: EngineOptions = {},
): Promise<number> {
  const stack = environment.name;
  const folder = stateFolder(stack);
  await ensureToolchain(engineProgramsOf(environment));
  makeFolder(folder);
  const place = {
    stack,
    folder,
    home: engineHome(folder),
    isHere: isHere(environment),
    changes: CHANGING.includes(command[0] ?? ""),
  };
  requireSpace(folder, command[0] ?? "");
  await repairState(place);
  const judged = JUDGED.includes(command[0] ?? "");
  const pack = judged ? launchPack(options.judgedAs ?? levelOf(environment), folder, place.home) : [];
  const env = { ...engineEnvironment(folder), ...options.variables };
  await ensurePlugins(environment, env);
  const configFile = join(folder, `Pulumi.${stack}.yaml`);
  const salt = await initialiseStack(stack, folder, env);
  writeFileSync(configFile, stackConfigText(environment, folder, salt), { mode: 0o600 });
  const args = [...command, ...pack, "--stack", stack, "--config-file", configFile, "--non-interactive"];
  try {
    const code = await runProgram("pulumi", args, {
      cwd: PROJECT_ROOT,
      env,
      quiet: options.quiet ?? false,
      ...(options.omit === undefined ? {} : { omit: options.omit }),
    });
    if (code !== 0) throwIfAny(findWrongPassphrase(stack, salt, env));
    return code;
  } catch (error) {
    // An engine that was ended at once leaves plugins and a lock.
    releaseState(place);
    throw error;
  }
}

/** Whether the environment has a stack in the engine's state. */
export function hasStack(stack: Environment["name"]): boolean {
  return existsSync(join(stateFolder(stack), "init", `Pulumi.${stack}.yaml`));
}

/** Commands that change what runs. */
const CHANGING: readonly string[] = ["up", "destroy"];

/** Commands whose result the policy pack judges before anything is made. */
const JUDGED: readonly string[] = ["preview", "up"];

/**
 * Creates the stack once, or finds it where the state is kept elsewhere, from a folder of its own: the engine writes
 * the salt of the passphrase into the stack file beside Pulumi.yaml, and the committed stack files must stay as they are.
 */
async function initialiseStack(stack: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const init = join(folder, "init");
  const file = join(init, `Pulumi.${stack}.yaml`);
  if (!existsSync(file) || hasLostState(stack, folder)) {
    makeFolder(init);
    writeFileSync(join(init, "Pulumi.yaml"), toYaml({ name: "gpu-observability", runtime: "nodejs" }));
    const args = ["stack", "select", "--create", stack, "--non-interactive"];
    const code = await runProgram("pulumi", args, { cwd: init, env, quiet: true });
    if (code !== 0) throw new Error(`the engine could neither find nor create the stack ${stack} (exit ${code})`);
    // A stack that another machine made comes without a stack file; its state knows the salt.
    if (!existsSync(file)) writeFileSync(file, toYaml(await readEncryption(init, env)), { mode: 0o600 });
  }
  const { encryptionsalt } = parse(readFileSync(file, "utf8")) as { encryptionsalt?: string };
  return encryptionsalt ?? "";
}

/** @throws {ConfigError} where another command is at work on the environment */
export function refuseUnlessIdle({ name }: Environment): void {
  const folder = stateFolder(name);
  refuseWhileAtWork({ stack: name, folder, home: engineHome(folder) });
}

/** Whether the state is kept in this folder and holds no such stack; the stack file keeps its salt. */
function hasLostState(stack: string, folder: string): boolean {
  const state = join(folder, ".pulumi");
  return existsSync(state) && globSync(`stacks/**/${stack}.json`, { cwd: state }).length === 0;
}

/** Whether everything of it is a process of this machine. */
function isHere({ runtime, hosts, grafana, datadog }: Environment): boolean {
  const isOutside = grafana.external !== undefined || datadog.enabled;
  return runtime === "process" && hosts.every((host) => host.runtime === "process") && !isOutside;
}

/** How a stack's state is encrypted, as a stack file says it; nothing for a stack that was never brought up. */
async function readEncryption(init: string, env: NodeJS.ProcessEnv): Promise<{ encryptionsalt?: string }> {
  const deployment = await exportStack(init, env);
  const salt = deployment.secrets_providers?.state?.salt;
  return salt === undefined ? {} : { encryptionsalt: salt };
}

/** What is read of a stack's state here. */
interface Deployment {
  readonly secrets_providers?: { readonly type: string; readonly state?: { readonly salt?: string } };
  readonly resources?: readonly StateResource[];
}

async function exportStack(cwd: string, env: NodeJS.ProcessEnv, more: readonly string[] = []): Promise<Deployment> {
  const child = spawn("pulumi", ["stack", "export", ...more, "--non-interactive"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  return (JSON.parse(text) as { deployment: Deployment }).deployment;
}

function stackConfigText(environment: Environment, folder: string, encryptionsalt: string): string {
  const { name, ...description } = environment;
  const config = {
    ...readStackConfig(PROJECT_ROOT, name),
    ...readSecrets(folder),
    [ENVIRONMENT_KEY]: handOver(description, folder),
  };
  return toYaml({ ...(encryptionsalt === "" ? {} : { encryptionsalt }), config });
}

/** Secrets of an environment, encrypted by the engine: beside its state, never in the repository. */
function readSecrets(folder: string): Record<string, unknown> {
  const file = join(folder, SECRETS_FILE);
  if (!existsSync(file)) return {};
  return (parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> }).config ?? {};
}

/** Keeps a secret of an environment. The value goes to the engine by standard input, encrypted by it. */
export async function storeSecret({ name: stack }: Environment, name: string, value: string): Promise<number> {
  const folder = stateFolder(stack);
  await ensureToolchain([...ENGINE_PROGRAMS]);
  makeFolder(folder);
  const env = engineEnvironment(folder);
  const salt = await initialiseStack(stack, folder, env);
  const file = join(folder, SECRETS_FILE);
  if (!existsSync(file)) writeFileSync(file, toYaml(salt === "" ? {} : { encryptionsalt: salt }), { mode: 0o600 });
  const args = ["config", "set", "--secret", `gpu-observability:${name}`, "--stack", stack, "--config-file", file];
  return runProgram("pulumi", [...args, "--non-interactive"], { cwd: PROJECT_ROOT, env, quiet: true, input: value });
}

function makeFolder(folder: string): void {
  try {
    createFolder(folder);
    chmodSync(folder, 0o700);
  } catch (error) {
    throw new ConfigError([
      {
        path: folder,
        expected: "a state folder this user may write to",
        got: (error as NodeJS.ErrnoException).code ?? String(error),
        fix: "free or change the folder, or choose another: XDG_STATE_HOME=<folder> npm start",
      },
    ]);
  }
}

/** Forgets an empty stack. `destroy --remove` would delete the committed stack file with it. */
export async function removeStack({ name }: Environment): Promise<void> {
  const folder = stateFolder(name);
  const args = ["stack", "rm", name, "--yes", "--preserve-config", "--non-interactive"];
  await runProgram("pulumi", args, { cwd: join(folder, "init"), env: engineEnvironment(folder), quiet: true });
}

/** A resource as the engine remembers it; secrets are ciphertext. */
export interface StateResource {
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Everything the engine remembers of an environment; nothing of one that was never brought up. */
export async function readResources({ name: stack }: Environment): Promise<readonly StateResource[]> {
  const folder = stateFolder(stack);
  await ensureToolchain([...ENGINE_PROGRAMS]);
  makeFolder(folder);
  const env = engineEnvironment(folder);
  await initialiseStack(stack, folder, env);
  const { resources = [] } = await exportStack(join(folder, "init"), env, ["--stack", stack]);
  return resources;
}

/** Outputs of an environment's stack, secrets in plain text: for this process, never for a log. */
export async function readOutputs(environment: Environment): Promise<Record<string, unknown>> {
  const stack = environment.name;
  const folder = stateFolder(stack);
  const args = ["stack", "output", "--json", "--show-secrets", "--stack", stack];
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    cwd: PROJECT_ROOT,
    env: engineEnvironment(folder),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  return JSON.parse(output) as Record<string, unknown>;
}
