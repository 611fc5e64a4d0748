import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SshConnection, sudoPrefix } from "../../components/runtime/ssh/connection.ts";
import { BOOTSTRAP_SCRIPT, REMOVE_SCRIPT } from "../../components/runtime/ssh/host-scripts.ts";
import { toSecretsInput } from "../../components/runtime/ssh/secrets.ts";
import { FakeHost } from "./fake-host.ts";

const PASSWORD = "correct horse battery staple";
const CONNECTION: SshConnection = { host: "gpu-1", user: "deployer", hostKey: "", privateKey: "" };

describe.each(["dash", "bash"] as const)("becoming root, in %s", (shell) => {
  let host: FakeHost;

  beforeEach(() => {
    host = new FakeHost({ shell });
    host.addSudo();
    host.arrange("password", PASSWORD);
  });
  afterEach(() => host.end());

  /** What the connection runs, with a program that tells what it was given. */
  const become = (sudo: SshConnection["sudo"], password?: string) =>
    host.shell(
      `${sudoPrefix({ ...CONNECTION, ...(sudo === undefined ? {} : { sudo }) })}sh -c 'echo "ran $1 $2"; cat' gpu-observability v1 sum`,
      toSecretsInput({ "gpu-1-agent/token": "text" }, password),
    );
  const withPassword = { password: PASSWORD };
  const input = "gpu-observability-secrets\nsecret gpu-1-agent/token dGV4dA==\nend\n";

  it("without a password gives the program its words and its input", () => {
    host.arrange("sudo", "free");
    expect(become("passwordless")).toEqual({ status: 0, stdout: `ran v1 sum\n${input}`, stderr: "" });
  });

  it("with a password gives it the same, and sudo the password alone", () => {
    host.arrange("sudo", "asks");
    expect(become(withPassword, PASSWORD)).toEqual({ status: 0, stdout: `ran v1 sum\n${input}`, stderr: "" });
  });

  describe("rejects", () => {
    const cannot = "cannot become root on this host, nothing was changed: ";
    it.each([
      [
        "a sudo that wants a password",
        "asks",
        "sudo: a password is required; let its sudo ask for no password, or give",
      ],
      ["a user without sudo", "nothing", "deployer is not in the sudoers file.; let its sudo ask for no password, or"],
    ])("%s, in one line", (_name, rule, words) => {
      host.arrange("sudo", rule);
      const { status, stdout, stderr } = become("passwordless");
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toContain(cannot + words);
      expect(stderr.split("\n")).toHaveLength(2);
    });

    it("a wrong password, and takes no secret for the next attempt", () => {
      host.arrange("sudo", "asks");
      const { status, stdout, stderr } = become({ password: "wrong" }, "wrong");
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toContain(`${cannot}sudo: 2 incorrect password attempts; correct the password in ssh.sudo`);
      expect(host.attempts()).toEqual(["wrong"]);
    });
  });
});

describe.skipIf(process.getuid?.() !== 0)("without root, the scripts of the connection reject", () => {
  it.each([
    ["an apply", BOOTSTRAP_SCRIPT, "nothing was changed"],
    ["a removal", REMOVE_SCRIPT, "nothing was removed"],
  ])("%s in one line, and do nothing", (_name, script, words) => {
    const cwd = mkdtempSync(join(tmpdir(), "gpu-observability-nobody-"));
    const args = ["--reuid=65534", "--clear-groups", "sh", "-c", script, "gpu-observability", "0".repeat(16), "sum"];
    const { status, stderr } = spawnSync("setpriv", args, { cwd, encoding: "utf8" });
    expect({ status, stderr, files: readdirSync(cwd) }).toEqual({
      status: 1,
      stderr: `gpu-observability: nobody is not root on this host, ${words}: set ssh.sudo of the stack, or connect as root\n`,
      files: [],
    });
    rmSync(cwd, { recursive: true });
  });
});
