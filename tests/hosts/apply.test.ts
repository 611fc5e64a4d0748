import { lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HostBundle, planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import { uploadName } from "../../components/runtime/ssh/names.ts";
import { hostWorkloads, type WorkloadOptions } from "../unit/ssh/host-fixture.ts";
import { FakeHost, SECRETS } from "./fake-host.ts";

const COLLECTOR = `#!/bin/sh
file=\${2#--config=}
if [ "$1" = validate ] && grep -q broken "$file"; then echo "unknown key in $file" >&2; exit 1; fi
`;

describe.each(["dash", "bash"] as const)("apply, run by %s", (shell) => {
  let host: FakeHost;
  let programs: Record<string, HostProgram>;

  beforeEach(() => {
    host = new FakeHost({ shell });
    programs = {
      otelcol: host.archive("otelcol", COLLECTOR),
      node_exporter: host.archive("node_exporter", "#!/bin/sh\n"),
      "dcgm-exporter": host.archive("dcgm-exporter", "#!/bin/sh\n"),
    };
  });
  afterEach(() => host.end());

  const bundleOf = (options: WorkloadOptions = {}, more: Record<string, HostProgram> = {}): HostBundle =>
    planBundle({ name: "gpu-1", programs: { ...programs, ...more } }, hostWorkloads(options));

  it("installs units, configuration, programs and secrets, and starts everything once", () => {
    const { status, stdout, stderr, calls } = host.install(bundleOf());
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("is in force; restarted: ");
    expect(calls).toEqual([
      "daemon-reload",
      "restart dcgm-exporter",
      "restart node-exporter",
      "restart agent",
      "restart kernel-log",
    ]);
    expect(host.read("etc/systemd/system/gpu-observability-agent.service")).toContain(
      "ExecStart=/opt/gpu-observability/",
    );
    expect(host.read("etc/gpu-observability/gpu-1-agent/otel-collector-config.yaml")).toContain("production");
    const token = host.path("etc/gpu-observability/gpu-1-agent/secrets/otlp-token");
    expect({ text: readFileSync(token, "utf8"), mode: statSync(token).mode & 0o777 }).toEqual({
      text: "a secret token",
      mode: 0o600,
    });
    expect(host.files().filter((path) => path.endsWith("/bin/otelcol"))).toHaveLength(1);
  });

  it("changes nothing the second time", () => {
    const bundle = bundleOf();
    host.install(bundle);
    const before = host.files();
    const { status, stdout, calls } = host.install(bundle);
    expect({ status, calls }).toEqual({ status: 0, calls: [] });
    expect(stdout).toContain("nothing changed");
    expect(host.files().filter((path) => !path.endsWith("/previous"))).toEqual(
      before.filter((path) => !path.endsWith("/previous")),
    );
  });

  it("restarts only the unit whose configuration changed", () => {
    host.install(bundleOf());
    const { status, calls } = host.install(bundleOf({ environment: "staging" }));
    expect({ status, calls }).toEqual({ status: 0, calls: ["daemon-reload", "restart agent"] });
  });

  it("restarts only the reader of a changed secret, and writes the secret nowhere else", () => {
    const bundle = bundleOf();
    host.install(bundle);
    const { calls, stdout, stderr } = host.install(bundle, {
      ...SECRETS,
      "gpu-1-agent/secrets/otlp-token": "a newer token",
    });
    expect(calls).toEqual(["restart agent"]);
    expect(stdout + stderr).not.toContain("newer token");
    const holding = host
      .files()
      .filter((path) => lstatSync(host.path(path)).isFile())
      .filter((path) => host.read(path).includes("token") && host.read(path).startsWith("a "));
    expect(holding).toEqual(["/etc/gpu-observability/gpu-1-agent/secrets/otlp-token"]);
  });

  it("applies a changed secret although the upload is gone", () => {
    const bundle = bundleOf();
    host.install(bundle);
    rmSync(join(host.home, uploadName(bundle.version)));
    const { status, calls } = host.apply(bundle, { ...SECRETS, "gpu-1-agent/tls/ca.pem": "another authority\n" });
    expect({ status, calls }).toEqual({ status: 0, calls: ["restart agent"] });
  });

  it("knows which version runs although a loss of power emptied its file, so a failing one takes nothing away", () => {
    host.install(bundleOf());
    writeFileSync(host.path("etc/gpu-observability/applied"), "");
    const before = host.files();
    const { status, calls } = host.install(bundleOf({ environment: "broken" }));
    expect({ status, calls, files: host.files() }).toEqual({ status: 1, calls: [], files: before });
  });

  it("switches back where it cannot write down which version runs", () => {
    const first = bundleOf();
    host.install(first);
    mkdirSync(host.path("etc/gpu-observability/applied.part"));
    const { status, stderr } = host.install(bundleOf({ environment: "staging" }));
    expect(status).toBe(1);
    expect(stderr).toMatch(/cannot write \S+\/applied: .*\n.*switched back to version [0-9a-f]{16}, which runs\n$/);
    expect(host.read("etc/gpu-observability/applied")).toBe(`${first.version}\n`);
  });

  it("starts what is not running any more", () => {
    const bundle = bundleOf();
    host.install(bundle);
    rmSync(join(host.folder, "fake/active/gpu-observability-node-exporter.service"));
    expect(host.apply(bundle).calls).toEqual(["restart node-exporter"]);
  });

  it("stops a unit that is planned no more and keeps nothing of it", () => {
    host.install(bundleOf());
    const without = hostWorkloads().filter(({ service }) => service !== "dcgm-exporter");
    const { calls } = host.install(planBundle({ name: "gpu-1", programs }, without));
    expect(calls).toEqual(["stop dcgm-exporter", "daemon-reload"]);
    const left = host.files().filter((path) => path.includes("dcgm-exporter") && !path.includes("/bundles/"));
    // The version before is kept whole, its program too.
    expect(left).toEqual([expect.stringMatching(/^\/opt\/.*\/bin\/dcgm-exporter$/)]);
  });

  it("switches back when a service does not answer, and says what it saw", () => {
    host.install(bundleOf());
    const before = host.files();
    const { status, stderr, calls } = host.install(bundleOf({ environment: "unhealthy", deadlineSeconds: 2 }));
    expect(status).toBe(1);
    expect(stderr).toContain("gpu-observability-agent.service did not answer http://127.0.0.1:13133/ within 2 s");
    expect(stderr).toContain("    the program said why it ended");
    expect(stderr).toMatch(/switched back to version [0-9a-f]{16}, which runs/);
    expect(calls).toEqual(["daemon-reload", "restart agent", "daemon-reload", "restart agent"]);
    expect(host.read("etc/gpu-observability/gpu-1-agent/otel-collector-config.yaml")).toContain("production");
    expect(host.files()).toEqual(before);
  });

  it("takes the secrets back with the version", () => {
    host.install(bundleOf());
    host.install(bundleOf({ environment: "unhealthy", deadlineSeconds: 1 }), {
      ...SECRETS,
      "gpu-1-agent/tls/key.pem": "another key\n",
    });
    expect(host.read("etc/gpu-observability/gpu-1-agent/tls/key.pem")).toBe("key\n");
  });

  it("gives up early on a service that ends again and again", () => {
    host.install(bundleOf());
    writeFileSync(join(host.folder, "fake/flapping"), "");
    const { status, stderr } = host.install(bundleOf({ environment: "unhealthy" }));
    expect(status).toBe(1);
    expect(stderr).toContain("gpu-observability-agent.service ends again and again");
  });

  it("heals with the next apply after a failed one", () => {
    host.install(bundleOf());
    host.install(bundleOf({ environment: "unhealthy", deadlineSeconds: 1 }));
    expect(host.install(bundleOf({ environment: "staging" })).status).toBe(0);
    expect(host.read("etc/gpu-observability/gpu-1-agent/otel-collector-config.yaml")).toContain("staging");
  });

  it("leaves nothing of a first version that does not answer", () => {
    const { status, stderr } = host.install(bundleOf({ environment: "unhealthy", deadlineSeconds: 1 }));
    expect(status).toBe(1);
    expect(stderr).toContain("this was the first version: everything of it was removed");
    expect(host.files()).toEqual([]);
  });

  it("restarts everything after an apply that was killed in the middle", () => {
    const bundle = bundleOf();
    host.install(bundle);
    writeFileSync(host.path("etc/gpu-observability/pending"), "");
    const { calls, stdout } = host.install(bundle);
    expect(calls).toEqual(["restart dcgm-exporter", "restart node-exporter", "restart agent", "restart kernel-log"]);
    expect(stdout).toContain("restarted:");
  });

  it("puts a file back that somebody changed on the host", () => {
    const bundle = bundleOf();
    host.install(bundle);
    const file = "etc/gpu-observability/current/config/gpu-1-agent/otel-collector-config.yaml";
    writeFileSync(host.path(file), "receivers: {}\n");
    expect(host.install(bundle).status).toBe(0);
    expect(host.read(file)).toContain("production");
  });

  it("removes everything of it", () => {
    host.install(bundleOf());
    const { status, stdout } = host.remove();
    expect({ status, stdout, files: host.files() }).toEqual({ status: 0, stdout: "removed\n", files: [] });
    expect(host.remove()).toMatchObject({ status: 0, stdout: "nothing to remove\n" });
  });

  describe("rejects", () => {
    const unchanged = (bundle: HostBundle, secrets = SECRETS): string => {
      host.install(bundleOf());
      const before = host.files();
      const { status, stderr, calls } = host.install(bundle, secrets);
      expect({ status, calls, files: host.files() }).toEqual({ status: 1, calls: [], files: before });
      return stderr;
    };

    it("a configuration its collector does not take", () => {
      expect(unchanged(bundleOf({ environment: "broken" }))).toMatch(
        /^gpu-observability: the configuration of gpu-1-agent is not valid, nothing was changed: unknown key in .*\n$/,
      );
    });

    it("an archive with a wrong checksum", () => {
      const other = host.archive("otelcol", `${COLLECTOR}# newer\n`, "0".repeat(64));
      expect(unchanged(bundleOf({}, { otelcol: { ...other, version: "2.0" } }))).toMatch(
        /^gpu-observability: wrong checksum of otelcol-1.0.tar.gz: expected 0{64}, got [0-9a-f]{64}; nothing was changed\n$/,
      );
    });

    it("an archive whose publisher's list says another checksum, or none, or cannot be had", () => {
      const { otelcol } = programs;
      const listed = (text: string | undefined): HostBundle => {
        const build = otelcol?.builds.amd64;
        if (build?.kind !== "archive") throw new Error("an archive");
        const checksum = { listUrl: `${build.url}.${text === undefined ? "nowhere" : "sums"}` };
        if (text !== undefined) writeFileSync(checksum.listUrl.replace("file://", ""), text);
        const unpinned = { ...build, checksum };
        return bundleOf(
          {},
          { otelcol: { version: `5.${(text ?? "").length}`, builds: { amd64: unpinned, arm64: unpinned } } },
        );
      };
      expect(unchanged(listed(`${"0".repeat(64)}  otelcol-1.0.tar.gz\n`))).toMatch(
        /wrong checksum of otelcol-1.0.tar.gz: expected 0{64}, got [0-9a-f]{64}; nothing was changed\n$/,
      );
      expect(host.install(listed(`${"0".repeat(64)}  other.tar.gz\n`)).stderr).toMatch(
        /otelcol-1.0.tar.gz.sums names no checksum of otelcol-1.0.tar.gz; nothing was changed\n$/,
      );
      expect(host.install(listed("<html> otelcol-1.0.tar.gz\n")).stderr).toContain("names no checksum of otelcol-1.0");
      expect(host.install(listed(undefined)).stderr).toMatch(/cannot fetch \S+nowhere, nothing was changed: /);
    });

    it("an archive that cannot be fetched", () => {
      const build = { kind: "archive", url: "file:///nowhere/otelcol", checksum: { sha256: "0".repeat(64) } } as const;
      const missing = { version: "3.0", builds: { amd64: build, arm64: build } };
      expect(unchanged(bundleOf({}, { otelcol: missing }))).toContain("cannot fetch file:///nowhere/otelcol, nothing");
    });

    it("a program without a build for its processor", () => {
      const build = { kind: "present", path: "/bin/true", sha256: "0".repeat(64) } as const;
      const other = process.arch === "x64" ? { arm64: build } : { amd64: build };
      expect(unchanged(bundleOf({}, { otelcol: { version: "4.0", builds: other } }))).toMatch(
        /otelcol-4.0-[0-9a-f]{8}: there is no build of it for this host's processor, (amd|arm)64; nothing was changed/,
      );
    });

    it("a secret that was not delivered", () => {
      const rest = Object.fromEntries(Object.entries(SECRETS).filter(([path]) => !path.endsWith("key.pem")));
      const { status, stderr } = host.install(bundleOf(), rest);
      expect({ status, files: host.files() }).toEqual({ status: 1, files: [] });
      expect(stderr).toContain("the secret gpu-1-agent/tls/key.pem was not delivered; nothing was changed");
    });

    it("a half-copied bundle", () => {
      const bundle = bundleOf();
      host.upload(bundle, 20_000);
      const { status, stderr } = host.apply(bundle);
      expect({ status, files: host.files() }).toEqual({ status: 1, files: [] });
      expect(stderr).toContain("is not the bundle that was sent: 20000 bytes, another checksum; nothing was changed");
    });
  });
});
