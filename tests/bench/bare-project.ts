import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { previewPrograms } from "../../infra/cli/programs.ts";
import { launchPack } from "../../infra/policy/launch.ts";
import { toolchainPath } from "../../infra/toolchain/toolchain.ts";
import { OBJECTS, writeProgram } from "./write-program.ts";

const PROGRAM = `
import { readFileSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const provider = new kubernetes.Provider("cluster", { clusterIdentifier: "bench", enableServerSideApply: true });
const objects = JSON.parse(readFileSync("${OBJECTS}", "utf8"));
const create = (object, dependsOn = []) => {
  const { apiVersion, kind, metadata } = object;
  const type = "kubernetes:" + (apiVersion.includes("/") ? apiVersion : "core/" + apiVersion) + ":" + kind;
  const name = [kind, metadata.namespace, metadata.name].filter(Boolean).join("-");
  return new pulumi.CustomResource(type, name, object, { provider, dependsOn });
};
const namespaces = objects.filter(({ kind }) => kind === "Namespace").map((object) => create(object));
for (const object of objects.filter(({ kind }) => kind !== "Namespace")) create(object, namespaces);
`;

/** A stack of nothing but objects of Kubernetes: what the engine and its plugin cost by themselves. */
export class BareProject {
  private readonly folder = mkdtempSync(join(tmpdir(), "gpu-observability-bare-"));
  private readonly env: NodeJS.ProcessEnv;
  private readonly pack: readonly string[];

  private constructor(objects: readonly object[], kubeconfig: string) {
    const bin = join(PROJECT_ROOT, "node_modules", ".bin");
    // As advice: what stands beside the objects, such as the gateways' configuration, is not there to be judged.
    this.pack = launchPack("dev", this.folder, join(this.folder, "home"));
    this.env = {
      ...process.env,
      PATH: [...toolchainPath(previewPrograms()), bin, process.env["PATH"] ?? ""].join(delimiter),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "bare",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      NODE_COMPILE_CACHE: join(this.folder, "compiled"),
      KUBECONFIG: kubeconfig,
    };
    mkdirSync(join(this.folder, "state"));
    writeProgram(this.folder, PROGRAM, objects);
  }

  static async create(objects: readonly object[], kubeconfig: string): Promise<BareProject> {
    const project = new BareProject(objects, kubeconfig);
    await project.run(["stack", "init", "bare"]);
    return project;
  }

  /** With the flags that `npm run up` gives the engine, judged by the same policy pack. @returns seconds */
  up(): Promise<number> {
    const flags = ["--yes", "--skip-preview", "--refresh", "--suppress-outputs"];
    return this.run(["up", ...flags, ...this.pack, "--stack", "bare"]);
  }

  /** @returns seconds */
  preview({ judged }: { readonly judged: boolean }): Promise<number> {
    return this.run(["preview", "--suppress-outputs", ...(judged ? this.pack : []), "--stack", "bare"]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(args: readonly string[]): Promise<number> {
    const started = performance.now();
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject).on("close", (status) => resolve(status ?? 1));
    });
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${output.slice(-3000)}`);
    return (performance.now() - started) / 1000;
  }
}
