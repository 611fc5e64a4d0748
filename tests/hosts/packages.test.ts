import { afterEach, describe, expect, it } from "vitest";
import { bundleWith, fakePrograms } from "./fake-programs.ts";
import { FakeHost } from "./fake-host.ts";

const PACKAGE = "datacenter-gpu-manager-exporter";
const BROUGHT = ["datacenter-gpu-manager-4-core", PACKAGE];
const LAST_LINE = {
  "apt-get": "E: Sub-process /usr/bin/dpkg returned an error code (1)",
  dnf: "Error: Transaction failed",
};

describe.each(["apt-get", "dnf"] as const)("NVIDIA's package on a host with %s", (manager) => {
  let host: FakeHost;
  afterEach(() => host.end());

  function start(
    version = "4.8.2",
  ): (kind: "package" | "existing", environment?: string, other?: string) => ReturnType<FakeHost["install"]> {
    host = new FakeHost({ manager, shell: manager === "dnf" ? "bash" : "dash" });
    const programs = fakePrograms(host);
    return (kind, environment = "production", other = version) => {
      const source = kind === "package" ? { kind, version: other } : { kind };
      return host.install(bundleWith(programs, source, { environment }));
    };
  }
  // With an epoch in one of them, as NVIDIA has in some; rpm says it apart.
  const installed = () => host.kept("version").map((version) => version.replace(/^1:/, ""));

  it("is installed in the version that is pinned, although a newer one is there", () => {
    expect(start()("package")).toMatchObject({ status: 0, stderr: "" });
    expect(installed()).toEqual(["4.8.2-1"]);
  });

  it("follows the version that is pinned, up and back, and still goes with the host", () => {
    const install = start();
    install("package");
    expect(install("package", "production", "4.9.0")).toMatchObject({ status: 0, stderr: "" });
    expect(installed()).toEqual(["4.9.0-1"]);
    expect(install("package")).toMatchObject({ status: 0, stderr: "" });
    expect(installed()).toEqual(["4.8.2-1"]);
    expect(host.kept("packages").toSorted()).toEqual(BROUGHT);
    expect(host.remove()).toMatchObject({ status: 0, stderr: "" });
    expect(host.kept("packages")).toEqual([]);
  });

  it("is installed with what it needs, and both go with the host", () => {
    expect(start()("package")).toMatchObject({ status: 0, stderr: "" });
    expect(host.kept("packages").toSorted()).toEqual(BROUGHT);
    expect(host.remove()).toMatchObject({ status: 0, stdout: "removed\n", stderr: "" });
    expect({ packages: host.kept("packages"), files: host.files() }).toEqual({ packages: [], files: [] });
  });

  it("stays where somebody else had installed it", () => {
    const install = start();
    host.arrange("packages", `${BROUGHT.join("\n")}\n`);
    host.arrange("version", "4.7.0-1\n");
    host.addProgram("usr/bin/dcgm-exporter");
    expect(install("package").status).toBe(0);
    expect(installed()).toEqual(["4.7.0-1"]);
    host.remove();
    expect(host.kept("packages")).toEqual(BROUGHT);
  });

  it("goes once neither the version in force nor the one before needs it", () => {
    const install = start();
    install("package");
    install("existing");
    expect(host.kept("packages").toSorted()).toEqual(BROUGHT);
    expect(install("existing", "staging").status).toBe(0);
    expect(host.kept("packages")).toEqual([]);
  });

  it("stays in part where others have come to need what came with it", () => {
    const install = start();
    install("package");
    host.arrange("needed", `${BROUGHT[0]}\n`);
    expect(host.remove()).toMatchObject({ status: 0, stdout: "removed\n", stderr: "" });
    expect({ packages: host.kept("packages"), files: host.files() }).toEqual({ packages: [BROUGHT[0]], files: [] });
  });

  describe("rejects", () => {
    it("a removal while others need it, with their name and no secret left behind, which can be run again", () => {
      const install = start();
      install("package");
      host.arrange("needed", `${PACKAGE}\n`);
      const { status, stderr } = host.remove();
      expect({ status, packages: host.kept("packages").toSorted() }).toEqual({ status: 1, packages: BROUGHT });
      expect(stderr).toMatch(
        /^gpu-observability: cannot remove datacenter-gpu-manager-exporter: (theirs depends on \S+|\S+ is needed by \(installed\) theirs-1)\n/,
      );
      const left = host.files().flatMap((path) => /^\/etc\/gpu-observability\/([^/]+)/.exec(path)?.[1] ?? []);
      expect([...new Set(left)].toSorted()).toEqual(["bundles", "current", "packages", "users"]);
      host.clear("needed");
      expect(host.remove()).toMatchObject({ status: 0, stdout: "removed\n" });
      expect({ packages: host.kept("packages"), files: host.files() }).toEqual({ packages: [], files: [] });
    });

    it("an installation that fails half-way, and takes off again what it left", () => {
      const install = start();
      host.arrange("broken-package");
      const { status, stderr } = install("package");
      expect(stderr).toBe(
        `gpu-observability: cannot install ${PACKAGE} 4.8.2 with ${manager}, nothing was changed: ${LAST_LINE[manager]}\n`,
      );
      expect({ status, packages: host.kept("packages"), files: host.files() }).toEqual({
        status: 1,
        packages: [],
        files: [],
      });
    });

    it("the same at an update, and leaves the running version alone", () => {
      const install = start();
      install("existing");
      const before = host.files();
      host.arrange("broken-package");
      const { status, calls } = install("package");
      expect({ status, calls, files: host.files() }).toEqual({ status: 1, calls: [], files: before });
      expect(host.kept("packages")).toEqual([]);
    });

    it("a version that no repository of the host has", () => {
      const { status, stderr } = start("4.8.3")("package");
      expect({ status, packages: host.kept("packages"), files: host.files() }).toEqual({
        status: 1,
        packages: [],
        files: [],
      });
      expect(stderr).toMatch(new RegExp(`^gpu-observability: cannot install ${PACKAGE} 4\\.8\\.3 with ${manager}, `));
    });

    it("a package that no repository of the host has", () => {
      const install = start();
      host.arrange("no-repository");
      const { status, stderr } = install("package");
      expect({ status, files: host.files() }).toEqual({ status: 1, files: [] });
      expect(stderr).toMatch(
        new RegExp(`^gpu-observability: cannot install ${PACKAGE} 4\\.8\\.2 with ${manager}, .*: E(rror)?: Unable to `),
      );
    });
  });
});

it("a removal waits for another process that works with dpkg", () => {
  const host = new FakeHost({ manager: "apt-get" });
  host.install(bundleWith(fakePrograms(host), { kind: "package" }));
  host.arrange("locked");
  expect(host.remove()).toMatchObject({ status: 0, stdout: "removed\n", stderr: "" });
  expect(host.kept("packages")).toEqual([]);
  host.end();
});

it("a host with neither apt-get nor dnf rejects a package, and says so", () => {
  const host = new FakeHost();
  const { status, stderr } = host.install(bundleWith(fakePrograms(host), { kind: "package" }));
  expect({ status, stderr, files: host.files() }).toEqual({
    status: 1,
    stderr: `gpu-observability: this host has neither apt-get nor dnf to install ${PACKAGE}; nothing was changed\n`,
    files: [],
  });
  host.end();
});
