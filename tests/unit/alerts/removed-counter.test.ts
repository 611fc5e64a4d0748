import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { gpu } from "../../../components/signals/gpu.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { ALERTS } from "../../rules/environment.ts";

const TABLE = join(PROJECT_ROOT, "components/signals/dcgm-fields.ts");
/** Files that make rules or panels of signals. */
const files = ["components/alerts", "components/signals", "dashboards"].flatMap((folder) =>
  readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(PROJECT_ROOT, folder, path)),
);
const textOf = (file: string) => readFileSync(file, "utf8");

describe("a counter removed from the catalogue", () => {
  it.each(["nvlinkRecoveries", "rowRemapPending"] as const)(
    "breaks the build exactly at the rules and panels that use %s",
    (key) => {
      const users = files.filter((file) => new RegExp(`\\bgpu\\.${key}\\b`).test(textOf(file)));
      expect(filesWithErrors(without(key)).sort()).toEqual(users.map(toName).sort());
      const alerts = ALERTS.filter(({ query }) => query.signals.includes(gpu[key]));
      expect(alerts.length).toBeGreaterThan(0);
      for (const { name } of alerts)
        expect(
          users.some((file) => textOf(file).includes(`name: "${name}"`)),
          name,
        ).toBe(true);
    },
    120_000,
  );
});

const toName = (file: string) => relative(PROJECT_ROOT, file);

/** The table without one row. */
function without(key: string): string {
  const text = textOf(TABLE);
  const changed = text.replace(
    new RegExp(`^  ${key}: \\w+\\((?:[^\\n]*\\),|\\n(?:    [^\\n]*\\n)*  \\),)\\n`, "m"),
    "",
  );
  if (changed === text) throw new Error(`no row ${key}`);
  return changed;
}

/** Files the compiler refuses when the table reads like this. */
function filesWithErrors(table: string): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(PROJECT_ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    PROJECT_ROOT,
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) =>
    name === TABLE ? ts.createSourceFile(name, table, version, true) : read(name, version, ...rest);
  const program = ts.createProgram(files, options, host);
  return files.filter((file) => program.getSemanticDiagnostics(program.getSourceFile(file)).length > 0).map(toName);
}
