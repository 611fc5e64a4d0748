import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { uploadName } from "../../components/runtime/ssh/names.ts";
import { type HostBundle, planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import { hostWorkloads } from "../unit/ssh/host-fixture.ts";
import { fakePrograms } from "./fake-programs.ts";
import { FakeHost, SECRETS } from "./fake-host.ts";

describe("what an apply leaves behind", () => {
  let host: FakeHost;
  let bundleOf: (services: readonly string[], environment?: string) => HostBundle;

  beforeEach(() => {
    host = new FakeHost();
    const programs = { ...fakePrograms(host), "dcgm-exporter": host.archive("dcgm-exporter", "#!/bin/sh\n") };
    bundleOf = (services, environment = "production") =>
      planBundle(
        { name: "gpu-1", programs },
        hostWorkloads({ environment }).filter(({ service }) => services.includes(service)),
      );
  });
  afterEach(() => host.end());

  const ALL = ["agent", "node-exporter", "dcgm-exporter"];
  const uploads = () => readdirSync(host.home);

  it("is one upload, that of the version in force", () => {
    host.install(bundleOf(ALL));
    const next = bundleOf(ALL, "staging");
    expect(host.install(next).status).toBe(0);
    expect(uploads()).toEqual([uploadName(next.version)]);
  });

  it("is both uploads when the newer one failed", () => {
    const [first, next] = [bundleOf(ALL), bundleOf(ALL, "unhealthy")];
    host.install(first);
    host.arrange("flapping");
    expect(host.install(next).status).toBe(1);
    expect(uploads().toSorted()).toEqual([first, next].map(({ version }) => uploadName(version)).toSorted());
  });

  it("is no user or group of a unit that is planned no more", () => {
    host.install(bundleOf(ALL));
    expect(host.kept("users")).toContain("gpuobs-dcgm-exporter");
    expect(host.install(bundleOf(["agent", "node-exporter"])).status).toBe(0);
    expect(host.kept("users").toSorted()).toEqual(["gpuobs-agent", "gpuobs-kernel-log", "gpuobs-node-exporter"]);
  });

  it("is a user that runs something else by now, which is said, until it does not", () => {
    host.install(bundleOf(ALL));
    host.arrange("busy", "gpuobs-dcgm-exporter\n");
    const { status, stderr } = host.install(bundleOf(["agent", "node-exporter"]));
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        "gpu-observability: cannot remove the user gpuobs-dcgm-exporter: userdel: user gpuobs-dcgm-exporter is currently used by process 4711\n",
    });
    expect(host.kept("users")).toContain("gpuobs-dcgm-exporter");
    host.clear("busy");
    expect(host.install(bundleOf(["agent", "node-exporter"], "staging")).stderr).toBe("");
    expect(host.kept("users")).not.toContain("gpuobs-dcgm-exporter");
  });

  it("is everything of a host that has another name by now: the removal of the old one touches nothing", () => {
    host.install(bundleOf(ALL));
    const programs = { ...fakePrograms(host), "dcgm-exporter": host.archive("dcgm-exporter", "#!/bin/sh\n") };
    const secrets = Object.entries(SECRETS).map(([path, text]) => [path.replace("gpu-1", "gpu-2"), text]);
    const renamed = planBundle({ name: "gpu-2", programs }, hostWorkloads({ host: "gpu-2" }));
    expect(host.install(renamed, Object.fromEntries(secrets) as typeof SECRETS).status).toBe(0);
    const before = host.files();
    const { status, stdout, calls } = host.remove("gpu-1");
    expect({ status, stdout, calls }).toEqual({
      status: 0,
      stdout: "this machine is gpu-2 by now: nothing is left of gpu-1\n",
      calls: [],
    });
    expect(host.files()).toEqual(before);
    expect(host.remove("gpu-2")).toMatchObject({ status: 0, stdout: "removed\n" });
  });

  it("stops a removal that cannot take a user away, which can be run again", () => {
    host.install(bundleOf(ALL));
    host.arrange("busy", "gpuobs-agent\n");
    const { status, stderr } = host.remove();
    expect(status).toBe(1);
    expect(stderr).toContain("cannot remove the user gpuobs-agent: userdel: user gpuobs-agent is currently used by");
    expect(stderr).toContain("the rest was removed; mend what is said above and run it again");
    host.clear("busy");
    expect(host.remove()).toMatchObject({ status: 0, stdout: "removed\n" });
    expect({ files: host.files(), users: host.kept("users") }).toEqual({ files: [], users: [] });
  });

  it("is noted still where the notes cannot be written anew", () => {
    host.install(bundleOf(ALL));
    mkdirSync(host.path("etc/gpu-observability/users.part"));
    host.install(bundleOf(["agent", "node-exporter"]));
    expect(host.kept("users")).toHaveLength(3);
    expect(host.read("etc/gpu-observability/users").split("\n")).toContain("gpuobs-agent");
    host.remove();
    expect({ files: host.files(), users: host.kept("users") }).toEqual({ files: [], users: [] });
  });

  it("is no user of a version from before users were noted", () => {
    host.install(bundleOf(ALL));
    rmSync(host.path("etc/gpu-observability/users"));
    host.install(bundleOf(ALL, "staging"));
    host.remove();
    expect(host.kept("users")).toEqual([]);
  });

  it("is every user that it did not make, whatever its name", () => {
    const before = [...ALL, "kernel-log", "own"].map((service) => `gpuobs-${service}`);
    host.arrange("users", `${before.join("\n")}\n`);
    host.install(bundleOf(ALL));
    host.install(bundleOf(ALL, "staging"));
    host.remove();
    expect(host.kept("users")).toEqual(before);
  });
});
