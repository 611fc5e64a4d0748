import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GO_FOLDER } from "./catalogue.ts";
import { go, goEnvironment } from "./go.ts";

const HELP = `node infra/toolchain/generate-collector.ts [--check]

Writes the sources of the collector distribution anew from infra/toolchain/go/otelcol/manifest.yaml, with
the OpenTelemetry Collector Builder pinned in infra/toolchain/go/collector-builder. Run it after a change
of the manifest. Needs Go and a Go module proxy; takes about 2 minutes.

  --check   only says whether the committed sources are what the manifest gives; exit code 1 when not
`;

const COLLECTOR = join(GO_FOLDER, "otelcol");

async function main(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg !== "--check")) {
    process.stdout.write(HELP);
    return args.includes("--help") ? 0 : 2;
  }
  const work = mkdtempSync(join(tmpdir(), "collector-"));
  try {
    return compare(await generate(work), args.includes("--check"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function generate(work: string): Promise<string> {
  const builder = join(work, "builder");
  const run = { cwd: join(GO_FOLDER, "collector-builder"), env: process.env, log: join(work, "go.log") };
  await go(["build", "-mod=readonly", "-o", builder, "go.opentelemetry.io/collector/cmd/builder"], run);
  copyFileSync(join(COLLECTOR, "manifest.yaml"), join(work, "manifest.yaml"));
  // The builder resolves modules itself, so it must be allowed to write go.mod.
  const env = goEnvironment(process.env);
  const { status } = spawnSync(builder, ["--config", "manifest.yaml", "--skip-compilation"], {
    cwd: work,
    env,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`the collector builder failed (exit ${status})`);
  return join(work, "src");
}

function compare(generated: string, onlyCheck: boolean): number {
  const changed = readdirSync(generated).filter((file) => !isSame(join(generated, file), join(COLLECTOR, file)));
  for (const file of changed) {
    console.log(`${onlyCheck ? "differs" : "written"}: infra/toolchain/go/otelcol/${file}`);
    if (!onlyCheck) copyFileSync(join(generated, file), join(COLLECTOR, file));
  }
  if (changed.length === 0) console.log("the sources are what the manifest gives");
  return onlyCheck && changed.length > 0 ? 1 : 0;
}

function isSame(left: string, right: string): boolean {
  return existsSync(right) && readFileSync(left).equals(readFileSync(right));
}

process.exitCode = await main(process.argv.slice(2));
