// Runs on whatever Node the machine has (>= 20): installs the dependencies, which bring Node 24, then
// hands over to it. Plain JavaScript, because older Nodes do not run TypeScript.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const bin = join(root, "node_modules", ".bin");
const node = join(bin, "node");

requireNode();
installDependencies();
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
const handedOver = spawn(node, [join(root, "infra/cli/main.ts"), ...process.argv.slice(2)], { stdio: "inherit", env });
// The command decides what an interrupt means: the engine ends what it has begun. This process only waits.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => handedOver.kill(signal));
handedOver.on("close", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return;
  console.error(
    `Node.js\n  expected  ${OLDEST_NODE} or newer\n  got       ${process.versions.node}\n  fix       install Node.js 24 (https://nodejs.org)`,
  );
  process.exit(1);
}

function installDependencies() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".installed-lock");
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("Installing the dependencies (npm ci, usually under a minute) ...");
  const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (installed.status !== 0 || !existsSync(node)) {
    console.error(
      "dependencies\n  expected  npm ci to install them\n  got       a failure, see above\n  fix       run: npm ci",
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
