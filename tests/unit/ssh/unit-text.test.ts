import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planHostProgram, programPath } from "../../../components/runtime/ssh/host-program.ts";
import { planBundle } from "../../../components/runtime/ssh/plan-bundle.ts";
import { toSecretsInput } from "../../../components/runtime/ssh/secrets.ts";
import { toAssignment, toCommandLine } from "../../../components/runtime/ssh/unit-text.ts";
import { HOST, hostWorkloads } from "./host-fixture.ts";

describe("a command line of a unit", () => {
  it("keeps what systemd would read as specifier, variable, quote or escape", () => {
    expect(toCommandLine(["/bin/x", "--a=50%", "^(a|b)($|/)", 'say "hi"', "back\\slash", "two words", ""])).toBe(
      '/bin/x --a=50%% ^(a|b)($$|/) "say \\"hi\\"" "back\\\\slash" "two words" ""',
    );
  });

  it("keeps a value of the environment, whose dollars are plain there", () => {
    expect(toAssignment("A", "1 $HOME 5%")).toBe('"A=1 $HOME 5%%"');
  });
});

const noAnalyze = spawnSync("systemd-analyze", ["--version"]).status !== 0;
if (noAnalyze) console.log("skipped: systemd-analyze is not installed (Debian: systemd)");

describe.skipIf(noAnalyze)("units judged by systemd", () => {
  const units = Object.entries(planBundle(HOST, hostWorkloads()).files).flatMap(([path, text]) =>
    path.startsWith("units/") ? [[path.slice("units/".length), text] as const] : [],
  );

  it.each(units)("%s is valid, and exposed by at most 3.0", (name, text) => {
    const folder = mkdtempSync(join(tmpdir(), "gpu-observability-units-"));
    const file = join(folder, name);
    // The program is not on this machine; everything else is as on the host.
    writeFileSync(file, text.replace(/^ExecStart=\S+/m, "ExecStart=/bin/true"));
    const verify = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
    const security = spawnSync("systemd-analyze", ["security", "--offline=true", file], { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    expect(verify.stderr).toBe("");
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(security.stdout)?.[1]);
    console.log(`${name}: exposure ${exposure}`);
    expect(exposure).toBeLessThanOrEqual(3);
  });
});

describe("a program of a host", () => {
  const released = {
    version: "1.12.1",
    release: {
      archive: "https://example.org/v{version}/node_exporter-{version}.linux-{arch}.tar.gz",
      checksums: "https://example.org/v{version}/sha256sums.txt",
      arch: { amd64: "amd64", arm64: "arm64" },
      strip: 1,
    },
    member: "node_exporter",
  };

  it("comes from its publisher, with the publisher's list of digests", () => {
    expect(planHostProgram(released).builds.arm64).toEqual({
      kind: "archive",
      url: "https://example.org/v1.12.1/node_exporter-1.12.1.linux-arm64.tar.gz",
      checksum: { listUrl: "https://example.org/v1.12.1/sha256sums.txt" },
      member: "*/node_exporter",
    });
  });

  it("comes from the operator's mirror, with a digest pinned beforehand", () => {
    const pinned = { ...released, release: { ...released.release, sha256: { amd64: "abc" } } };
    const { builds } = planHostProgram(pinned, "https://mirror.example.org/files/");
    expect(builds.amd64).toMatchObject({
      url: "https://mirror.example.org/files/node_exporter-1.12.1.linux-amd64.tar.gz",
      checksum: { sha256: "abc" },
    });
  });

  it("takes the mirror's list of digests for a processor whose archive is not pinned", () => {
    const pinned = { ...released, release: { ...released.release, sha256: { amd64: "abc" } } };
    expect(planHostProgram(pinned, "https://mirror.example.org").builds.arm64).toMatchObject({
      checksum: { listUrl: "https://mirror.example.org/sha256sums.txt" },
    });
  });

  it("rejects a list of digests that anybody on its way could change, but not a pinned archive", () => {
    const [mirror, sha256] = ["http://mirror.example.org", { amd64: "abc", arm64: "def" }];
    expect(() => planHostProgram(released, mirror)).toThrow(
      /http:\/\/mirror.example.org\/sha256sums.txt\n {4}expected {2}a list of checksums over https/,
    );
    const pinned = { ...released, release: { ...released.release, sha256 } };
    expect(planHostProgram(pinned, mirror).builds.amd64).toMatchObject({ checksum: { sha256: "abc" } });
  });

  it("is another folder when its source is another", () => {
    const paths = [planHostProgram(released), planHostProgram(released, "https://mirror.example.org")];
    expect(new Set(paths.map((program) => programPath("node_exporter", program))).size).toBe(2);
  });
});

it("secrets are lines without their text, after the password that sudo reads", () => {
  const input = toSecretsInput({ "b/key": "two\nlines", "a/token": "text" }, "password");
  expect(input).toBe("password\ngpu-observability-secrets\nsecret a/token dGV4dA==\nsecret b/key dHdvCmxpbmVz\nend\n");
});
