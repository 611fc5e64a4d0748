import { spawn } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { toYaml } from "../../components/core/yaml.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import type { EnvironmentName } from "../../infra/environment/schema.ts";
import { launchPack } from "../../infra/policy/launch.ts";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";
import { toolchainPath } from "../../infra/toolchain/toolchain.ts";
import { pluginPath } from "./plugins/plugin-path.ts";
import type { Ran } from "./test-environment.ts";

/**
 * Previews resources through the real engine, its real plugins and the real pack: a program that only registers
 * what it is given, on a stack of the environment's name.
 *
 * @param folder - an empty folder of the caller
 */
export async function previewResources(
  folder: string,
  stack: EnvironmentName,
  resources: readonly EngineResource[],
): Promise<Ran> {
  const args = launchPack(stack, folder, join(folder, "home"));
  mkdirSync(join(folder, "program"), { recursive: true });
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    toYaml({ name: "gpu-observability", runtime: { name: "nodejs", options: { typescript: false } }, main: "program" }),
  );
  writeFileSync(join(folder, "program", "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
  writeFileSync(join(folder, "resources.json"), JSON.stringify(resources));
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(folder, "node_modules"));
  const program = join(PROJECT_ROOT, "tests", "support", "registered-resources.ts");
  writeFileSync(join(folder, "program", "index.js"), `import ${JSON.stringify(program)};\n`);
  const standIns = pluginPath(join(folder, "home"));
  const env = {
    ...process.env,
    PATH: [standIns, ...toolchainPath(PLUGINS), join(PROJECT_ROOT, "node_modules", ".bin"), process.env["PATH"]].join(
      delimiter,
    ),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "for this test alone",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    KUBECONFIG: undefined,
    RESOURCES: join(folder, "resources.json"),
  };
  const created = await run(["stack", "init", stack, "--non-interactive"], folder, env);
  if (created.code !== 0) throw new Error(created.output);
  const ran = await run(["preview", "--stack", stack, "--non-interactive", ...args], folder, env);
  rmSync(standIns, { recursive: true, force: true });
  return ran;
}

const PLUGINS = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes"];

async function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  const started = performance.now();
  const child = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  return { code, output, seconds: (performance.now() - started) / 1000 };
}
