import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  APPLY_SCRIPT,
  BOOTSTRAP_SCRIPT,
  KERNEL_LOG_SCRIPT,
  REMOVE_SCRIPT,
} from "../../components/runtime/ssh/host-scripts.ts";
import { which } from "./fake-host.ts";

const SCRIPTS = {
  apply: APPLY_SCRIPT,
  bootstrap: BOOTSTRAP_SCRIPT,
  remove: REMOVE_SCRIPT,
  "kernel-log": KERNEL_LOG_SCRIPT,
};
const noShellcheck = which("shellcheck") === "";
if (noShellcheck) console.log("skipped: shellcheck is not installed (Debian: shellcheck)");

describe.each(Object.entries(SCRIPTS))("the script %s", (_name, text) => {
  it.each(["dash", "bash"].filter((shell) => which(shell) !== ""))("is read by %s", (shell) => {
    const options = shell === "bash" ? ["--posix", "-n"] : ["-n"];
    expect(spawnSync(shell, options, { input: text, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  it.skipIf(noShellcheck)("has nothing shellcheck would warn of", () => {
    const { stdout, status } = spawnSync("shellcheck", ["--shell=sh", "-"], { input: text, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });
});

it("what the connection runs holds no apostrophe, since it is passed between a pair of them", () => {
  expect(BOOTSTRAP_SCRIPT + REMOVE_SCRIPT).not.toContain("'");
});

it("a removal reads all of its input: the official plugin may call it a failure otherwise", () => {
  const root = mkdtempSync(join(tmpdir(), "gpu-observability-removal-"));
  try {
    const env = { PATH: process.env["PATH"], GPU_OBSERVABILITY_ROOT: root };
    // More than a pipe holds: what nobody reads fails whoever writes it.
    const input = "secret\n".repeat(100_000);
    const removed = spawnSync("sh", ["-c", REMOVE_SCRIPT, "remove", "gpu-1"], {
      cwd: root,
      env,
      input,
      encoding: "utf8",
    });
    expect(removed).toMatchObject({ status: 0, stdout: "nothing to remove\n", stderr: "" });
    expect(removed.error).toBeUndefined();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
