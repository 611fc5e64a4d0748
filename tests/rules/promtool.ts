import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RuleFile } from "../../components/alerts/render.ts";
import { toYaml } from "../../components/core/yaml.ts";
import { runProgram } from "../support/programs.ts";
import type { PromtoolFiles } from "./promtool-files.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'", "#xA": "\n" };

/** What the real `promtool check rules` says of rule files; empty when it takes them all. */
export function checkRules(files: Readonly<Record<string, RuleFile>>): string {
  return withFolder((folder) => {
    write(folder, files);
    if (Object.keys(files).length === 0) return "";
    const { status, output } = runProgram(
      "promtool",
      ["check", "rules", "--lint-fatal", ...Object.keys(files)],
      folder,
    );
    return status === 0 ? "" : output;
  });
}

/** So many files go to one promtool: few enough to be done well within the time a program is given. */
const BATCH = 16;

/** Runs the real `promtool test rules`; gives what failed by the name of its case, empty for none. */
export function testRules(pairs: readonly PromtoolFiles[]): ReadonlyMap<string, string> {
  const batches = Array.from({ length: Math.ceil(pairs.length / BATCH) }, (_, index) =>
    testBatch(pairs.slice(index * BATCH, (index + 1) * BATCH)),
  );
  return new Map(batches.flatMap((results) => [...results]));
}

function testBatch(pairs: readonly PromtoolFiles[]): ReadonlyMap<string, string> {
  return withFolder((folder) => {
    pairs.forEach(({ rules, test }, index) => {
      write(folder, {
        [`rules-${index}.yml`]: rules,
        [`test-${index}.yml`]: { rule_files: [`rules-${index}.yml`], ...test },
      });
    });
    const tests = pairs.map((_, index) => `test-${index}.yml`);
    const { output } = runProgram("promtool", ["test", "rules", "--junit=report.xml", ...tests], folder);
    const report = readReport(join(folder, "report.xml"));
    if (report === undefined) throw new Error(`promtool wrote no report: ${output}`);
    return parseReport(report);
  });
}

function readReport(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function parseReport(xml: string): ReadonlyMap<string, string> {
  const cases = xml.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs);
  return new Map(
    [...cases].map(([, name = "", content = ""]) => [toText(name), toText(content.replaceAll(/<[^>]*>/g, ""))]),
  );
}

function toText(xml: string): string {
  return xml.replaceAll(/&([#\w]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function write(folder: string, files: Readonly<Record<string, object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), toYaml(content));
  }
}

function withFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-rules-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
