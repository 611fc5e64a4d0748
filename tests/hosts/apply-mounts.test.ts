import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import { hostWorkloads } from "../unit/ssh/host-fixture.ts";
import { FakeHost } from "./fake-host.ts";

/** Why a file system cannot be mounted here; nothing where it can. */
function findObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "mounting needs root";
  const { status, stderr } = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"], {
    encoding: "utf8",
  });
  return status === 0 ? undefined : `mount: ${stderr.trim()}`;
}

const obstacle = findObstacle();
if (obstacle !== undefined) console.log(`skipped: full and read-only file systems: ${obstacle}`);

describe.skipIf(obstacle !== undefined)("apply on a host whose disk does not take it rejects", () => {
  let host: FakeHost;
  const mounted: string[] = [];

  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => {
    for (const path of mounted.splice(0)) spawnSync("umount", [path]);
    host.end();
  });

  function mount(path: string, options: string): void {
    mkdirSync(host.path(path), { recursive: true });
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "none", host.path(path)]);
    expect(status, String(stderr)).toBe(0);
    mounted.push(host.path(path));
  }

  const bundle = () =>
    planBundle(
      {
        name: "gpu-1",
        programs: {
          otelcol: host.archive("otelcol", `#!/bin/sh\n# ${"x".repeat(300_000)}\n`),
          node_exporter: host.archive("node_exporter", "#!/bin/sh\n"),
          "dcgm-exporter": host.archive("dcgm-exporter", "#!/bin/sh\n"),
        },
      },
      hostWorkloads(),
    );

  it.each([
    [
      "a read-only /etc",
      "etc",
      "ro",
      /cannot write below \S+\/etc\/gpu-observability, nothing was changed: .*Read-only/,
    ],
    ["a full /etc", "etc", "size=40k", /cannot keep the bundle in \S+, nothing was changed: .*No space left on device/],
    [
      "a full /opt",
      "opt",
      "size=64k",
      /cannot unpack \S+otelcol-1.0.tar.gz, nothing was changed: .*; No space left on \S+opt/,
    ],
    ["an /opt without a byte", "opt", "nr_inodes=1", /cannot write below \S+, nothing was changed: .*No space left/],
  ])("%s, and leaves nothing of it", (_name, path, options, message) => {
    mount(path, options);
    const { status, stderr, calls } = host.install(bundle());
    expect(stderr.split("\n").filter((line) => line.startsWith("gpu-observability: "))).toEqual([
      expect.stringMatching(message),
    ]);
    expect({ status, calls, files: host.files() }).toEqual({ status: 1, calls: [], files: [] });
  });

  it("a full disk at an update, and leaves the running version alone", () => {
    mount("etc", "size=200k");
    const first = host.install(bundle());
    expect(first).toMatchObject({ status: 0, stderr: "" });
    const before = host.files();
    const next = planBundle(
      { name: "gpu-1", programs: { ...programsOf(host) } },
      hostWorkloads({ environment: "x".repeat(120_000) }),
    );
    const { status, stderr, calls } = host.install(next);
    expect(stderr).toMatch(/^gpu-observability: cannot keep the bundle in .*No space left on device/);
    expect({ status, calls, files: host.files() }).toEqual({ status: 1, calls: [], files: before });
  });
});

function programsOf(host: FakeHost) {
  return {
    otelcol: host.archive("otelcol", "#!/bin/sh\n"),
    node_exporter: host.archive("node_exporter", "#!/bin/sh\n"),
    "dcgm-exporter": host.archive("dcgm-exporter", "#!/bin/sh\n"),
  };
}
