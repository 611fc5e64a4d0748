import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";

/** As Tempo 2.9 does while a query is in flight. */
const DEAF = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")`;

it("the page's command ends a program that does not end on TERM", async () => {
  const home = mkdtempSync(join(tmpdir(), "restart-page-"));
  const folder = join(home, ".local/state/gpu-observability/local/workloads/tempo");
  mkdirSync(folder, { recursive: true });
  const deaf = spawn(process.execPath, ["-e", DEAF], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => deaf.on("exit", (_, signal) => resolve(signal)));
  await new Promise((resolve) => deaf.stdout.once("data", resolve));
  writeFileSync(join(folder, "process.json"), JSON.stringify({ pid: deaf.pid }));
  const page = readFileSync(join(PROJECT_ROOT, "infra/runbooks/restart.md"), "utf8");
  const [, command = ""] = /^\| tempo \| process \| `([^`]+)`/m.exec(page) ?? [];
  const quick = command.replace(/timeout \d+/, "timeout 1").replace("npm run up -- local", "echo then up");
  try {
    const env = { ...process.env, HOME: home };
    expect(execFileSync("sh", ["-c", quick], { env, encoding: "utf8", timeout: 20_000 })).toBe("then up\n");
    expect(await ended).toBe("SIGKILL");
  } finally {
    deaf.kill("SIGKILL");
    rmSync(home, { recursive: true });
  }
});
