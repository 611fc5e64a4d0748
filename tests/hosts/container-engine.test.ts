import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import { type Daemon, startDaemon } from "../engine/docker-daemon.ts";
import { HOST, hostWorkloads } from "../unit/ssh/host-fixture.ts";
import { which } from "./fake-host.ts";

const IMAGE = "registry.example.org/dcgm-exporter:4.5.3";
const WORKLOAD = "gpu-1-dcgm-exporter";
const COUNTERS = `${WORKLOAD}/counters.csv`;

const started = which("docker") === "" ? "docker's client is not installed" : await startDaemon();
if (typeof started === "string") console.log(`skipped: the DCGM exporter's container on a real engine: ${started}`);

describe.skipIf(typeof started === "string")("the DCGM exporter's container on a real Docker engine", () => {
  const daemon = started as Daemon;
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-engine-"));
  const config = join(folder, "gpu-observability");

  /** Lays out a version as `apply` does, and points to it. */
  function switchTo(version: string): void {
    const file = join(config, "bundles", version, "config", COUNTERS);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `counters of ${version}\n`);
    rmSync(join(config, "current"), { force: true });
    symlinkSync(`bundles/${version}`, join(config, "current"));
  }

  /** The unit's own command, below a folder and without GPUs, around a shell. */
  function run(script: string) {
    const image = { kind: "container", image: IMAGE } as const;
    const { files } = planBundle({ ...HOST, dcgmExporter: image }, hostWorkloads());
    const unit = files["units/gpu-observability-dcgm-exporter.service"] ?? "";
    const line = /^ExecStart=\/usr\/bin\/docker (.*)$/m.exec(unit)?.[1] ?? "";
    const [options = ""] = line.replace("--gpus all ", "").split(` ${IMAGE} `);
    const words = options.replaceAll("/etc/gpu-observability", config).split(" ");
    return spawnSync("docker", ["-H", daemon.host, ...words, IMAGE, "-c", script], { encoding: "utf8" });
  }

  beforeAll(async () => {
    await daemon.importImage(IMAGE, ["/usr/bin/dash"]);
    switchTo("one");
    mkdirSync(join(config, WORKLOAD));
    symlinkSync(`../current/config/${COUNTERS}`, join(config, COUNTERS));
  }, 120_000);
  afterAll(async () => {
    // The engine keeps its own network mounted for containers that use it.
    spawnSync("umount", [join(dirname(daemon.host.replace("unix://", "")), "exec/netns/default")]);
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("reads the counters of the version in force, where the program looks for them", () => {
    const read = `read -r line < ${join(config, COUNTERS)} && echo "$line"`;
    expect(run(read)).toMatchObject({ status: 0, stdout: "counters of one\n" });
    switchTo("two");
    expect(run(read)).toMatchObject({ status: 0, stdout: "counters of two\n" });
  });

  it.each([
    ["its counters", join(config, COUNTERS)],
    ["anything else", "/new"],
  ])("rejects a program that writes %s", (_what, path) => {
    const { status, stderr } = run(`echo text > ${path}`);
    expect(status).not.toBe(0);
    expect(stderr).toContain("Read-only file system");
  });
});
