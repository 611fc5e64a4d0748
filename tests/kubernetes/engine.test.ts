import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { previewPrograms } from "../../infra/cli/programs.ts";
import { toolchainPath } from "../../infra/toolchain/toolchain.ts";
import { type KubeObject } from "../support/cluster/api.ts";
import { Cluster } from "../support/cluster/cluster.ts";
import { program } from "../support/programs.ts";

const PROGRAM = `
import * as kubernetes from "@pulumi/kubernetes";

const provider = new kubernetes.Provider("cluster", {
  kubeconfig: process.env.TEST_KUBECONFIG,
  enableServerSideApply: true,
});
const options = { provider };
const namespace = new kubernetes.core.v1.Namespace("place", { metadata: { name: "place" } }, options);
const metadata = { name: "store", namespace: namespace.metadata.name };
const labels = { app: "store" };
new kubernetes.core.v1.Service(
  "store",
  { metadata, spec: { clusterIP: "None", selector: labels, ports: [{ port: 80 }] } },
  options,
);
new kubernetes.apps.v1.StatefulSet(
  "store",
  {
    metadata,
    spec: {
      serviceName: "store",
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "main", image: "registry.example/program:1.0.0" }] },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    },
  },
  options,
);
`;

let cluster: Cluster;
const folder = mkdtempSync(join(tmpdir(), "engine-"));

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.addNodes(2, { gpu: false });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "tiny", type: "module", main: "index.js" }));
  writeFileSync(join(folder, "index.js"), PROGRAM);
  const runtime = "runtime:\n  name: nodejs\n  options:\n    typescript: false\n";
  writeFileSync(join(folder, "Pulumi.yaml"), `name: tiny\nmain: index.js\n${runtime}`);
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "state"));
  await pulumi("stack", "init", "test");
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const passphrase = randomBytes(16).toString("hex");

/** Runs the engine's program to its end and gives what it printed. */
async function pulumi(...args: readonly string[]): Promise<string> {
  const bin = join(PROJECT_ROOT, "node_modules", ".bin");
  const env = {
    ...process.env,
    PATH: [...toolchainPath(previewPrograms()), bin, process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    TEST_KUBECONFIG: cluster.kubeconfig,
  };
  const run = promisify(execFile)(program("pulumi"), [...args, "--non-interactive"], { cwd: folder, env });
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`pulumi ${args.join(" ")} failed: ${error.stdout}${error.stderr}`);
  });
  return `${stdout}${stderr}`;
}

const UP = ["up", "--yes", "--skip-preview"];

describe("the engine with the pinned Kubernetes plugin, against a real API server", () => {
  it("brings a StatefulSet with volumes up to ready, changes nothing the second time, and destroys it", async () => {
    const begin = performance.now();
    expect(await pulumi(...UP)).toMatch(/Resources:\s+\+ 5 created/);
    console.log(`pulumi up of 5 resources: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    const path = "/apis/apps/v1/namespaces/place/statefulsets/store";
    const { status } = await cluster.api.get<KubeObject & { status: { readyReplicas: number } }>(path);
    expect(status.readyReplicas).toBe(2);
    expect(await pulumi(...UP, "--expect-no-changes")).toMatch(/Resources:\s+5 unchanged/);
    expect(await pulumi("destroy", "--yes", "--skip-preview")).toMatch(/Resources:\s+- 5 deleted/);
    expect(await cluster.api.find("/api/v1/namespaces/place")).toBeUndefined();
  });
});
