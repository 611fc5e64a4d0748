import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../components/core/errors.ts";
import type { HostSettings } from "../../../components/runtime/ssh/host-settings.ts";
import { planBundle } from "../../../components/runtime/ssh/plan-bundle.ts";
import { toTar } from "../../../components/runtime/ssh/tar.ts";
import { HOST, hostWorkloads } from "./host-fixture.ts";

const IMAGE = `nvcr.io/nvidia/k8s/dcgm-exporter@sha256:${"0".repeat(64)}`;
const GOLDEN = join(import.meta.dirname, "golden");

describe("the bundle of a host", () => {
  const bundle = planBundle(HOST, hostWorkloads());

  // Scripts and collector configurations have tests of their own.
  const rendered = Object.entries(bundle.files).filter(([path]) => /^(plan|system|units)/.test(path));
  it.each(rendered)("holds %s as its golden has it", async (path, content) => {
    await expect(content).toMatchFileSnapshot(join(GOLDEN, path));
  });

  it("holds every file of every workload, and a manifest of all", () => {
    for (const { name, files } of hostWorkloads()) {
      for (const [path, content] of Object.entries(files)) expect(bundle.files[`config/${name}/${path}`]).toBe(content);
    }
    const { manifest = "", ...others } = bundle.files;
    const sums = Object.entries(others).map(
      ([path, content]) => `${createHash("sha256").update(content).digest("hex")}  ${path}`,
    );
    expect(manifest.trim().split("\n").sort()).toEqual(sums.sort());
  });

  it("is the same bytes for the same host, and is named by them", () => {
    const again = planBundle(HOST, hostWorkloads());
    expect(again.archive.equals(bundle.archive)).toBe(true);
    expect(bundle.sha256).toBe(createHash("sha256").update(bundle.archive).digest("hex"));
    expect(bundle.version).toBe(bundle.sha256.slice(0, 16));
  });

  it("changes one unit's fingerprint when one workload changes", () => {
    const marks = (plan = "") => plan.split("\n").filter((line) => line.startsWith("unit "));
    const before = marks(bundle.files["plan"]);
    const after = marks(planBundle(HOST, hostWorkloads({ environment: "staging" })).files["plan"]);
    expect(after.filter((line) => !before.includes(line))).toEqual([
      expect.stringContaining("gpu-observability-agent.service"),
    ]);
  });

  it("holds no secret and no line that could", () => {
    const text = Object.values(bundle.files).join("\n");
    expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|password:/);
    expect(bundle.files["plan"]).toContain("secret gpu-1-agent/tls/key.pem gpuobs-agent");
  });
});

describe("the DCGM exporter of a host", () => {
  const unit = "units/gpu-observability-dcgm-exporter.service";
  const filesWith = (dcgmExporter: NonNullable<HostSettings["dcgmExporter"]>) =>
    planBundle({ ...HOST, dcgmExporter }, hostWorkloads()).files;

  it("comes from NVIDIA's package by default", () => {
    expect(filesWith({ kind: "package" })[unit]).toContain(
      "ExecStart=/usr/bin/dcgm-exporter -f /etc/gpu-observability/",
    );
    const packageLine = (version?: string) =>
      /^package .*$/m.exec(
        filesWith({ kind: "package", ...(version === undefined ? {} : { version }) })["plan"] ?? "",
      )?.[0];
    expect(packageLine("4.8.2")).toBe("package datacenter-gpu-manager-exporter /usr/bin/dcgm-exporter 4.8.2");
    expect(packageLine()).toBe("package datacenter-gpu-manager-exporter /usr/bin/dcgm-exporter newest");
  });

  it.each([
    ["docker", "--gpus all"],
    ["podman", "--device nvidia.com/gpu=all"],
  ] as const)("comes as a container of %s, read-only and with one capability", async (engine, gpus) => {
    const files = filesWith({ kind: "container", image: IMAGE, engine });
    const text = files[unit] ?? "";
    expect(text).toContain(`ExecStart=/usr/bin/${engine} run --rm --name gpu-1-dcgm-exporter --network host ${gpus}`);
    expect(text).toContain(
      "--read-only --tmpfs /tmp --cap-drop ALL --cap-add SYS_ADMIN --security-opt no-new-privileges",
    );
    const folder = "/etc/gpu-observability/gpu-1-dcgm-exporter";
    const source = "/etc/gpu-observability/current/config/gpu-1-dcgm-exporter/counters.csv";
    expect(text).toContain(`--mount type=bind,source=${source},target=${folder}/counters.csv,readonly `);
    expect(text).toContain(` ${IMAGE} -f ${folder}/counters.csv `);
    expect(files["plan"]).toContain(`image ${engine} ${IMAGE}\n`);
  });

  it.each(["nvcr.io/x/dcgm-exporter:4.5.3-4.8.2", IMAGE, `host:5000/x@sha256:${"0".repeat(64)}`])(
    "may be the image %s, which is pinned",
    (image) => expect(filesWith({ kind: "container", image })[unit]).toContain(` ${image} `),
  );

  it.each(["nvcr.io/x/dcgm-exporter", "host:5000/x/dcgm-exporter", "x:latest", "x@sha256:0"])(
    "rejects the image %s, which is not",
    (image) =>
      expect(() => filesWith({ kind: "container", image })).toThrow(/gpu-1-dcgm-exporter: image\n {4}expected/),
  );

  it("is somebody else's: nothing is installed, its metrics must answer", () => {
    const files = filesWith({ kind: "existing" });
    expect(files[unit]).toBeUndefined();
    expect(files["plan"]).not.toContain("unit gpu-observability-dcgm-exporter.service");
    expect(files["plan"]).toContain("health gpu-observability-dcgm-exporter.service 120 http://127.0.0.1:9400/metrics");
  });
});

describe("a bundle rejects", () => {
  const problemsOf = (host: HostSettings, workloads = hostWorkloads()) => {
    try {
      planBundle(host, workloads);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it("programs the host does not get, all at once", () => {
    const paths = problemsOf({ ...HOST, programs: {} }).map(({ path }) => path);
    expect(paths).toEqual([
      "host gpu-1: gpu-1-node-exporter: program node_exporter",
      "host gpu-1: gpu-1-agent: program otelcol",
    ]);
  });

  it("two workloads of one service", () => {
    const [first] = hostWorkloads();
    const second = { ...first!, name: "gpu-1-other" };
    expect(problemsOf(HOST, [first!, second])).toMatchObject([{ path: "host gpu-1: gpu-1-other", got: "a second" }]);
  });

  it("a health check the host cannot ask", () => {
    const [first] = hostWorkloads();
    const closed = { ...first!, ports: { http: { ...first!.ports["http"]!, access: "mtls" as const } } };
    expect(problemsOf(HOST, [closed])).toMatchObject([{ got: "mtls" }]);
  });

  it.each(["../shadow", "two words.yaml", `${"long/".repeat(30)}name`])("a file named %s", (path) => {
    const [first] = hostWorkloads();
    expect(problemsOf(HOST, [{ ...first!, files: { [path]: "" } }])).toHaveLength(1);
  });
});

describe("a tar", () => {
  it("is read by tar, with contents of any length and modes", () => {
    const folder = mkdtempSync(join(tmpdir(), "gpu-observability-tar-"));
    const contents = ["", "x", "ü".repeat(256), "y".repeat(511), "z".repeat(512), "w".repeat(1025)];
    const entries = contents.map((content, index) => ({ path: `folder/${index}`, content, executable: index === 1 }));
    const options = { cwd: folder, input: toTar(entries) };
    expect(spawnSync("tar", ["-xf", "-"], options).status).toBe(0);
    const { stdout } = spawnSync(
      "sh",
      ["-c", "cd folder; for f in *; do wc -c < $f; done; find . -perm -u+x -type f"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    rmSync(folder, { recursive: true });
    expect(stdout.trim().split(/\s+/)).toEqual([...contents.map((text) => String(Buffer.byteLength(text))), "./1"]);
  });
});
