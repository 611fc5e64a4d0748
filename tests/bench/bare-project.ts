import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { toYaml } from "../../components/core/yaml.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { previewPrograms } from "../../infra/cli/programs.ts";
import { toolchainPath } from "../../infra/toolchain/toolchain.ts";

const PROGRAM = `
import * as kubernetes from "@pulumi/kubernetes";

const provider = new kubernetes.Provider("cluster", { clusterIdentifier: "bench", enableServerSideApply: true });
for (let index = 0; index < Number(process.env.BARE_COUNT); index += 1) {
  const metadata = { name: "bare-" + index, namespace: "default" };
  new kubernetes.core.v1.ConfigMap("bare-" + index, { metadata, data: { index: String(index) } }, { provider });
}
`;

/** A stack of nothing but ConfigMaps: what the engine and its plugin cost by themselves. */
export class BareProject {
  private readonly folder = mkdtempSync(join(tmpdir(), "gpu-observability-bare-"));
  private readonly env: NodeJS.ProcessEnv;

  private constructor(count: number, kubeconfig: string) {
    const bin = join(PROJECT_ROOT, "node_modules", ".bin");
    this.env = {
      ...process.env,
      PATH: [...toolchainPath(previewPrograms()), bin, process.env["PATH"] ?? ""].join(delimiter),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "bare",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      KUBECONFIG: kubeconfig,
      BARE_COUNT: String(count),
    };
    mkdirSync(join(this.folder, "state"));
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(this.folder, "node_modules"));
    const runtime = { name: "nodejs", options: { typescript: false } };
    writeFileSync(join(this.folder, "Pulumi.yaml"), toYaml({ name: "bare", main: "index.js", runtime }));
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
    writeFileSync(join(this.folder, "index.js"), PROGRAM);
  }

  static async create(count: number, kubeconfig: string): Promise<BareProject> {
    const project = new BareProject(count, kubeconfig);
    await project.run(["stack", "init", "bare"]);
    return project;
  }

  /** With the flags that `npm run up` gives the engine. @returns seconds */
  up(): Promise<number> {
    return this.run(["up", "--yes", "--skip-preview", "--refresh", "--suppress-outputs", "--stack", "bare"]);
  }

  preview(): Promise<number> {
    return this.run(["preview", "--suppress-outputs", "--stack", "bare"]);
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
