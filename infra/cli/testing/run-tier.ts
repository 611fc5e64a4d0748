import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { COMPILED_CODE } from "../compiled.ts";
import { PROJECT_ROOT } from "../folders.ts";
import { type FileReport, REPORT_FILE, type RunReport } from "./reporter.ts";
import { sum, type Tally, toFailure } from "./tally.ts";
import { definitionOf, type Tier } from "./tiers.ts";

/** One tier, as it ran. */
export interface TierRun {
  readonly tier: Tier;
  readonly seconds: number;
  readonly files: readonly FileReport[];
  readonly tally: Tally;
}

export interface RunOptions {
  /** Puts the tier's name before each line of output, where several run at once. @default false */
  readonly labelled?: boolean;
}

/** Some files that one vitest runs. */
interface Pass {
  readonly files: readonly string[];
  readonly sideBySide: number;
}

/** Runs files of one tier; a run that could not even start counts as one failure. */
export async function runTier(tier: Tier, files: readonly string[], options: RunOptions = {}): Promise<TierRun> {
  const started = performance.now();
  const reports: RunReport[] = [];
  for (const pass of planPasses(tier, files)) reports.push(await runPass(tier, pass, options));
  const ran = reports.flatMap((report) => report.files);
  const errors = reports.flatMap((report) => report.errors).map((error) => toFailure(`${tier}: ${error}`));
  const seconds = (performance.now() - started) / 1000;
  return { tier, seconds, files: ran, tally: sum([...ran, ...errors]) };
}

/** What may run side by side first, then each file that has a reason to run alone. */
export function planPasses(tier: Tier, files: readonly string[]): readonly Pass[] {
  const { alone = {}, sideBySide } = definitionOf(tier);
  const passes = [
    { files: files.filter((file) => alone[file] === undefined), sideBySide },
    { files: files.filter((file) => alone[file] !== undefined), sideBySide: 1 },
  ];
  return passes.filter((pass) => pass.files.length > 0);
}

async function runPass(tier: Tier, pass: Pass, { labelled = false }: RunOptions): Promise<RunReport> {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-tests-"));
  const report = join(folder, "report.json");
  const reporter = join(import.meta.dirname, "reporter.ts");
  const args = ["run", ...pass.files, "--reporter=verbose", `--reporter=${reporter}`];
  args.push(`--maxWorkers=${pass.sideBySide}`, ...(definitionOf(tier).isolate === false ? ["--no-isolate"] : []));
  const code = await spawnVitest(args, { [REPORT_FILE]: report }, labelled ? tier : undefined);
  const read = readReport(report, code);
  rmSync(folder, { recursive: true, force: true });
  return read;
}

function spawnVitest(args: readonly string[], env: NodeJS.ProcessEnv, label: string | undefined): Promise<number> {
  return new Promise((resolve) => {
    const output = label === undefined ? "inherit" : "pipe";
    const child = spawn("vitest", args, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED_CODE, ...env },
      stdio: ["ignore", output, output],
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => console.log(`[${label}] ${line}`));
    }
    child.on("error", () => resolve(1));
    child.on("close", (status) => resolve(status ?? 1));
  });
}

function readReport(path: string, code: number): RunReport {
  try {
    const report = JSON.parse(readFileSync(path, "utf8")) as RunReport;
    const isRed = report.errors.length > 0 || report.files.some(({ failed }) => failed > 0);
    if (code === 0 || isRed) return report;
    return { ...report, errors: [`vitest ended with ${code} after every test had passed`] };
  } catch {
    return { files: [], errors: [`vitest left no report and ended with ${code}`] };
  }
}
