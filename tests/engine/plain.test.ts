import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENGINE_PROGRAMS, KUBERNETES_PLUGIN } from "../../infra/cli/engine-environment.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { installPlugin } from "../../infra/toolchain/engine-folder.ts";
import { findProgram, toolchainPath } from "../../infra/toolchain/toolchain.ts";
import { NETWORKS } from "../support/networks.ts";
import { absentPlugins, pluginPath } from "../support/plugins/plugin-path.ts";

/** Most lines of outputs that a person reads at the end of a command. */
const MOST_OUTPUT_LINES = 40;

/** The engine alone, as somebody uses it who has never seen our commands; Node 24 and the engine are on PATH. */
describe("plain pulumi", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-plain-"));
  const project = join(folder, "project");
  const standIns = pluginPath(join(folder, "home"));
  const env = {
    ...process.env,
    PATH: [
      ...toolchainPath(ENGINE_PROGRAMS),
      join(PROJECT_ROOT, "node_modules", "node", "bin"),
      process.env["PATH"],
    ].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "plain",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    XDG_STATE_HOME: join(folder, "state"),
    KUBECONFIG: "/dev/null",
  };

  beforeAll(async () => {
    mkdirSync(project);
    for (const name of ["infra", "components", "dashboards", "node_modules", "package.json", "Pulumi.yaml"])
      symlinkSync(join(PROJECT_ROOT, name), join(project, name));
    // The engine writes the salt of a stack into its file.
    cpSync(join(PROJECT_ROOT, "stacks"), join(project, "stacks"), { recursive: true });
    moveLocal(join(project, "stacks", "Pulumi.local.yaml"));
    installPlugins();
    for (const stack of ["local", "production"]) await succeed("stack", "init", stack);
  });

  afterAll(async () => {
    await pulumi("destroy", "--yes", "--skip-preview", "--stack", "local");
    rmSync(standIns, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it("previews production without a cluster, a cloud or a secret, in words for people", async () => {
    const text = await succeed("preview", "--stack", "production");
    console.log(`production: ${text.split("\n").length} lines, ${outputLines(text)} of them outputs`);
    expect(outputLines(text)).toBeLessThan(MOST_OUTPUT_LINES);
    expect(text).not.toContain("from $PATH");
  });

  it("brings local up, finds nothing to change, reads its outputs, refreshes, and removes it again", async () => {
    const first = await succeed("up", "--yes", "--stack", "local");
    console.log(`local: ${first.split("\n").length} lines of up, ${outputLines(first)} of them outputs`);
    expect(outputLines(first)).toBeLessThan(2 * MOST_OUTPUT_LINES);
    expect(first).not.toContain("warning");
    expect(await succeed("preview", "--stack", "local")).toMatch(/Resources:\n +\d+ unchanged/);
    const endpoints = await succeed("stack", "output", "endpoints", "--stack", "local");
    expect(JSON.parse(endpoints)).toMatchObject({ "prometheus-a": `https://${NETWORKS.plain}.1:9090` });
    expect(await succeed("stack", "output", "--stack", "local")).toMatch(/operator +\[secret\]/);
    expect(await succeed("refresh", "--yes", "--skip-preview", "--stack", "local")).toMatch(/\d+ unchanged/);
    expect(await succeed("destroy", "--yes", "--skip-preview", "--stack", "local")).toMatch(/\d+ deleted/);
    const left = join(folder, "state", "gpu-observability", "local", "workloads");
    expect(existsSync(left) ? readdirSync(left) : []).toEqual([]);
  });

  /** A network of its own, so that it runs beside a developer's. */
  function moveLocal(file: string): void {
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replace("runtime: process", `runtime: process\n    network: { loopback: ${NETWORKS.plain} }`),
    );
  }

  /** Where the engine downloads them to, for what cannot be downloaded here. */
  function installPlugins(): void {
    const versions = JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const name of absentPlugins(env.PULUMI_HOME, "")) {
      const version = versions.dependencies[`@pulumi/${name}`] ?? versions.dependencies[`@pulumiverse/${name}`] ?? "";
      const program = join(standIns, `pulumi-resource-${name}`);
      if (existsSync(program)) installPlugin(env.PULUMI_HOME, { kind: "resource", name, version, program });
    }
    const program = findProgram(KUBERNETES_PLUGIN);
    const version = versions.dependencies["@pulumi/kubernetes"] ?? "";
    if (program !== undefined)
      installPlugin(env.PULUMI_HOME, { kind: "resource", name: "kubernetes", version, program });
  }

  async function succeed(...args: readonly string[]): Promise<string> {
    const { code, text } = await pulumi(...args);
    expect(code, text.slice(-4000)).toBe(0);
    return text;
  }

  async function pulumi(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: project,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 1));
    });
    return { code, text };
  }
});

/** Lines between `Outputs:` and the count of resources. */
function outputLines(text: string): number {
  const [, outputs = ""] = /^Outputs:\n([^]*?)^Resources:/m.exec(text) ?? [];
  return outputs.split("\n").length;
}
