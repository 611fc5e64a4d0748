import { readdirSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import { hostWorkloads } from "../unit/ssh/host-fixture.ts";
import { bundleWith, fakePrograms } from "./fake-programs.ts";
import { FakeHost, type FakeHostOptions } from "./fake-host.ts";

const RHEL: FakeHostOptions = { shell: "bash", manager: "dnf", selinux: true };

describe("a host of another family or processor", () => {
  let host: FakeHost;
  afterEach(() => host.end());

  it("of RHEL's with SELinux on arm64 gets everything, and keeps nothing of it", () => {
    host = new FakeHost({ ...RHEL, processor: "aarch64" });
    host.addProgram("usr/sbin/rsyslogd");
    host.addProgram("etc/rsyslog.d/own.conf", "");
    const { status, stderr } = host.install(bundleWith(fakePrograms(host), { kind: "package" }));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(host.allCalls().filter((call) => call.startsWith("useradd"))[0]).toContain("--shell /usr/sbin/nologin");
    // rsyslog writes the kernel's messages; the journal's reader has nothing to do.
    expect(host.read("etc/rsyslog.d/40-gpu-observability.conf")).toContain("kern.log");
    expect(host.files().some((path) => path.endsWith("wants/gpu-observability-kernel-log.service"))).toBe(false);
    expect(host.remove().status).toBe(0);
    expect(host.files()).toEqual(["/etc/rsyslog.d/own.conf", "/usr/sbin/rsyslogd"]);
  });

  it.each([
    ["x86_64", "amd64"],
    ["aarch64", "arm64"],
  ] as const)("of %s gets the builds of %s", (processor, architecture) => {
    host = new FakeHost({ processor });
    const of = (name: string): HostProgram => {
      const [own, other] = [host.archive(name, "#!/bin/sh\n"), host.archive(`${name}-other`, "exit 1\n")];
      const builds = { amd64: other.builds.amd64!, arm64: other.builds.amd64!, [architecture]: own.builds.amd64! };
      return { version: "1.0", builds };
    };
    const programs = {
      otelcol: of("otelcol"),
      node_exporter: of("node_exporter"),
      "dcgm-exporter": of("dcgm-exporter"),
    };
    expect(host.install(planBundle({ name: "gpu-1", programs }, hostWorkloads()))).toMatchObject({
      status: 0,
      stderr: "",
    });
    const [folder = ""] = readdirSync(host.path("opt/gpu-observability/programs"));
    expect(host.read("opt/gpu-observability/programs", folder, "bin", folder.replace(/-1\.0-.*/, ""))).toBe(
      "#!/bin/sh\n",
    );
  });

  it("rejects a processor that no program is built for, by its name", () => {
    host = new FakeHost({ processor: "riscv64" });
    const { status, stderr } = host.install(bundleWith(fakePrograms(host), { kind: "existing" }));
    expect({ status, files: host.files() }).toEqual({ status: 1, files: [] });
    expect(stderr).toMatch(/there is no build of it for this host's processor, riscv64; nothing was changed\n$/);
  });

  it("labels programs for SELinux, and by hand where the policy knows no /opt", () => {
    host = new FakeHost(RHEL);
    const programs = fakePrograms(host);
    expect(host.install(bundleWith(programs, { kind: "existing" })).status).toBe(0);
    const called = (name: string) => host.allCalls().filter((call) => call.startsWith(name)).length;
    expect([called("restorecon -R"), called("chcon")]).toEqual([2, 0]);
    host.remove();
    host.clear("labelled");
    host.arrange("odd-policy");
    expect(host.install(bundleWith(programs, { kind: "existing" })).status).toBe(0);
    expect(host.allCalls().filter((call) => call.startsWith("chcon"))).toEqual([
      expect.stringMatching(/^chcon -t bin_t \S+\/bin\/(otelcol|node_exporter)$/),
    ]);
  });

  it("says which everyday tool it lacks, and changes nothing", () => {
    host = new FakeHost();
    const bundle = bundleWith(fakePrograms(host), { kind: "existing" });
    // Of diffutils, which a minimal RHEL does not have.
    host.takeTool("cmp");
    expect(host.install(bundle)).toMatchObject({
      status: 1,
      stderr: "gpu-observability: this host has no cmp; nothing was changed\n",
    });
    expect(host.files()).toEqual([]);
  });
});
