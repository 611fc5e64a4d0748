import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderStack } from "../../deploy/render.ts";
import { renderStackSchema } from "../../environment/json-schema.ts";
import { readEnvironment } from "../../environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../environment/schema.ts";
import { parseEnvironmentName } from "../../environment/stack-file.ts";
import { toJson } from "../../../components/core/yaml.ts";
import { writeRunbooks } from "../../runbooks/write.ts";
import { OFFLINE } from "../unavailable.ts";
import type { Command } from "../command.ts";
import { PROJECT_ROOT } from "../folders.ts";

const GOLDEN = join(PROJECT_ROOT, "tests", "golden");

export const command: Command = {
  usage: "npm run render -- [<stack>...]",
  summary:
    "Writes every file a stack would deploy to tests/golden/<stack>/<workload>/, the stack files' JSON schema, and the runbook pages.\n" +
    "Needs no engine, cluster, program or network; parts that are `if-available` are rendered as absent.",
  run: async (args) => {
    const stacks = args.length === 0 ? ENVIRONMENT_NAMES : args.map((name) => parseEnvironmentName(name));
    for (const name of stacks) console.log(`${name}: ${write(name)} files`);
    writeFileSync(join(PROJECT_ROOT, "stacks", "environment.schema.json"), toJson(renderStackSchema()));
    console.log(`runbooks: ${writeRunbooks(join(PROJECT_ROOT, "infra", "runbooks"))} pages`);
    return 0;
  },
};

function write(name: string): number {
  const files = Object.entries(renderStack(readEnvironment(PROJECT_ROOT, name), OFFLINE));
  rmSync(join(GOLDEN, name), { recursive: true, force: true });
  for (const [path, content] of files) {
    const file = join(GOLDEN, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return files.length;
}
