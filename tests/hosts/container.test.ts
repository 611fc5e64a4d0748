import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import { bundleWith, fakePrograms } from "./fake-programs.ts";
import { FakeHost, which } from "./fake-host.ts";

const IMAGE = `registry.example.org/dcgm-exporter:4.5.3@sha256:${"0".repeat(64)}`;
const OTHER = "registry.example.org/dcgm-exporter:4.6.0";

describe.each(["docker", "podman"] as const)("a DCGM exporter as a container of %s", (engine) => {
  let host: FakeHost;
  let programs: Readonly<Record<string, HostProgram>>;

  beforeEach(() => {
    host = new FakeHost({ engine });
    programs = fakePrograms(host);
  });
  afterEach(() => host.end());

  const bundleOf = (image = IMAGE, environment = "production") =>
    bundleWith(programs, { kind: "container", image, engine }, { environment });
  const asked = () => host.allCalls().filter((call) => call.startsWith(engine));

  it("starts with the counters of the version in force, read-only, one capability, all GPUs", () => {
    // The stand-in refuses a container that lacks any of these.
    expect(host.install(bundleOf())).toMatchObject({ status: 0, stderr: "" });
    const order = asked().map((call) => call.split(" ").slice(1, 3).join(" "));
    expect(order).toEqual(["image inspect", "image ls", "image inspect", "pull --quiet", "run --rm"]);
    expect(asked()[3]).toBe(`${engine} pull --quiet ${IMAGE}`);
  });

  it("is not pulled again, nor restarted, when something else changed", () => {
    host.install(bundleOf());
    const { status, calls } = host.install(bundleOf(IMAGE, "staging"));
    expect({ status, calls }).toEqual({ status: 0, calls: ["daemon-reload", "restart agent"] });
    expect(asked()).toEqual([`${engine} image inspect ${IMAGE}`]);
  });

  it("keeps the images of two versions, and takes away what nothing needs", () => {
    host.install(bundleOf());
    host.install(bundleOf(OTHER));
    expect(host.kept("images")).toEqual([IMAGE, OTHER]);
    host.install(bundleOf(OTHER, "staging"));
    expect(host.kept("images")).toEqual([OTHER]);
    expect(host.remove()).toMatchObject({ status: 0, stdout: "removed\n" });
    expect(host.kept("images")).toEqual([]);
  });

  it("leaves an image that was there before", () => {
    host.arrange("images", `${IMAGE}\n`);
    host.install(bundleOf());
    host.remove();
    expect(host.kept("images")).toEqual([IMAGE]);
  });

  it.each([
    ["is down when it is asked", "", 1],
    ["comes up while it is asked", "once", 0],
  ])("leaves an image that was there before, where the engine %s", (_moment, how, status) => {
    host.arrange("images", `${IMAGE}\n`);
    host.install(bundleOf());
    host.arrange("no-engine", how);
    expect(host.install(bundleOf(IMAGE, "staging")).status).toBe(status);
    host.clear("no-engine");
    host.remove();
    expect(host.kept("images")).toEqual([IMAGE]);
  });

  describe("rejects", () => {
    it("an engine that is down, and leaves the running version alone", () => {
      host.install(bundleOf());
      const before = host.files();
      host.arrange("no-engine");
      const { status, stderr, calls } = host.install(bundleOf(OTHER));
      expect({ status, stderr, calls, files: host.files() }).toEqual({
        status: 1,
        stderr: `gpu-observability: cannot ask ${engine} for the image ${OTHER}, nothing was changed: ${engine}: Cannot connect to the engine\n`,
        calls: [],
        files: before,
      });
    });

    it("a registry that says nothing, after half an hour", () => {
      host.install(bundleOf());
      const before = host.files();
      host.arrange("silent-registry");
      host.arrange("patience", "1");
      const { status, stderr, calls } = host.install(bundleOf(OTHER));
      expect({ status, stderr, calls, files: host.files() }).toEqual({
        status: 1,
        stderr: `gpu-observability: cannot pull the image ${OTHER} with ${engine}, nothing was changed: not done within 1800 s\n`,
        calls: [],
        files: before,
      });
    });

    it("an image that cannot be pulled, in the engine's last words, and leaves the running version alone", () => {
      host.install(bundleOf());
      const before = host.files();
      host.arrange("no-registry");
      const { status, stderr, calls } = host.install(bundleOf(OTHER));
      expect({ status, calls, files: host.files() }).toEqual({ status: 1, calls: [], files: before });
      expect(stderr).toBe(
        `gpu-observability: cannot pull the image ${OTHER} with ${engine}, nothing was changed: Error response from daemon: Get "https://registry.example.org/v2/": dial tcp: no route to host\n`,
      );
    });

    it("a host without the engine", () => {
      rmSync(host.path("usr/bin", engine));
      const { status, stderr } = host.install(bundleOf());
      expect({ status, stderr, files: host.files() }).toEqual({
        status: 1,
        stderr: `gpu-observability: this host has no /usr/bin/${engine} to run ${IMAGE}; nothing was changed\n`,
        files: [],
      });
    });

    it("a mount of the folder whose files are links out of it, as the stand-in shows", () => {
      host.install(bundleOf());
      const folder = "/etc/gpu-observability/gpu-1-dcgm-exporter";
      const unit = host.read("etc/systemd/system/gpu-observability-dcgm-exporter.service");
      const line = /^ExecStart=\/usr\/bin\/\S+ (.*)$/m.exec(unit)?.[1] ?? "";
      const run = (words: string) =>
        spawnSync("sh", [host.path("usr/bin", engine), ...words.split(" ")], {
          env: { PATH: process.env["PATH"], FAKE: join(host.folder, "fake"), GPU_OBSERVABILITY_ROOT: host.root },
          encoding: "utf8",
        });
      expect(run(line)).toMatchObject({ status: 0, stderr: "" });
      const linked = line.replace(/source=[^,]+,target=[^,]+/, `source=${folder},target=${folder}`);
      expect(run(linked)).toMatchObject({ status: 125, stderr: expect.stringContaining("does not exist") as string });
      expect(run(line.replace(" --read-only", "")).stderr).toContain("may do too much");
    });
  });

  it.skipIf(which("systemd-analyze") === "")("has a unit that systemd takes", () => {
    const folder = mkdtempSync(join(tmpdir(), "gpu-observability-units-"));
    const name = "gpu-observability-dcgm-exporter.service";
    const text = bundleOf().files[`units/${name}`] ?? "";
    // Neither engine nor its service need be on this machine.
    mkdirSync(join(folder, "bin"));
    copyFileSync("/bin/true", join(folder, "bin", engine));
    writeFileSync(join(folder, name), text.replaceAll(`/usr/bin/${engine}`, join(folder, "bin", engine)));
    writeFileSync(join(folder, "docker.service"), "[Service]\nExecStart=/bin/true\n");
    const env = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` };
    const verify = spawnSync("systemd-analyze", ["verify", join(folder, name)], { encoding: "utf8", env });
    const words = ["security", "--offline=true", join(folder, name)];
    const security = spawnSync("systemd-analyze", words, { encoding: "utf8", env });
    rmSync(folder, { recursive: true });
    expect(verify.stderr).toBe("");
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(security.stdout)?.[1]);
    console.log(`${name} as a container of ${engine}: exposure ${exposure}`);
    // Podman is the engine itself and cannot be put into a sandbox: decision 15.
    expect(exposure).toBeLessThanOrEqual(engine === "docker" ? 3 : 10);
  });
});
