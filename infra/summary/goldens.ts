import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Workload } from "../../components/runtime/workload.ts";
import type { Deployable } from "../deploy/deployable.ts";
import type { Catalogue } from "../toolchain/catalogue.ts";
import { contentsOf, type Side } from "./stack.ts";
import { planImages, planWorkloadSummaries } from "./workloads.ts";

/** What describes a workload, beside the files it reads. */
const DESCRIPTIONS = ["workload.json", "manifests.yaml"];

/** What the committed renderings below `tests/golden/<stack>` tell: workloads, their programs and files, and no more. */
export function readGoldens(root: string, stack: string): Side | undefined {
  const folder = join(root, "tests", "golden", stack);
  if (!existsSync(folder)) return undefined;
  const deployables = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "workload.json")))
    .map((name) => readDeployable(join(folder, name)));
  const workloads = planWorkloadSummaries(deployables);
  const versions = join(root, "infra", "toolchain", "versions.json");
  const images = existsSync(versions)
    ? { images: planImages(workloads, JSON.parse(readFileSync(versions, "utf8")) as Catalogue) }
    : {};
  return { summary: { environment: stack, workloads, ...images }, contents: contentsOf(deployables) };
}

/** The opposite of `filesOf`. */
function readDeployable(folder: string): Deployable {
  const text = (path: string) => readFileSync(join(folder, path), "utf8");
  const { runtime, machine, ...rest } = JSON.parse(text("workload.json")) as Omit<Workload, "files"> &
    Pick<Deployable, "runtime" | "machine">;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !DESCRIPTIONS.includes(path))
    .sort();
  return {
    runtime,
    machine,
    workload: { ...rest, files: Object.fromEntries(files.map((path) => [path, text(path)])) },
  };
}
