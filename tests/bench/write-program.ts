import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toYaml } from "../../components/core/yaml.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";

/** File beside a bare program that says what it makes. */
export const OBJECTS = "objects.json";

/** A project of one plain JavaScript file, with this project's dependencies. */
export function writeProgram(folder: string, program: string, objects: readonly object[]): void {
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(folder, "node_modules"));
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(folder, "Pulumi.yaml"), toYaml({ name: "bare", main: "index.js", runtime }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
  writeFileSync(join(folder, "index.js"), program);
  writeFileSync(join(folder, OBJECTS), JSON.stringify(objects));
}
