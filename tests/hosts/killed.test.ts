import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleWith, fakePrograms } from "./fake-programs.ts";
import { FakeHost } from "./fake-host.ts";

const FOLDERS = [
  "etc/gpu-observability",
  "opt/gpu-observability",
  "var/lib/gpu-observability",
  "var/log/gpu-observability",
];
/** Tool, words: where a first apply is killed. */
const MOMENTS = [
  ["before its bundle is kept", "cp", "-R*"],
  ["while its bundle is kept", "mv", "*.part*bundles/*"],
  ["while it makes users", "useradd", "*gpuobs-agent"],
  ["while it fetches programs", "curl", "*node_exporter*"],
  ["while it installs a package", "apt-get", "install -y*"],
  ["while it stages secrets", "base64", "*"],
  ["while it switches", "ln", "*current/units*"],
  ["just after it switched", "systemctl", "daemon-reload"],
  ["while it starts units", "systemctl", "restart*agent*"],
  ["while it takes stock", "mv", "*applied.part*"],
] as const;

describe("a first apply that was killed", () => {
  let host: FakeHost;

  beforeEach(() => {
    host = new FakeHost({ manager: "apt-get" });
  });
  afterEach(() => host.end());

  const kill = (tool: string, words: string) => {
    const bundle = bundleWith(fakePrograms(host), { kind: "package" });
    host.killAt(tool, words);
    expect(host.install(bundle).status).not.toBe(0);
    host.spare();
    return bundle;
  };

  it.each(MOMENTS)("%s is removed whole", (_moment, tool, words) => {
    kill(tool, words);
    // Killed indeed: it could not tidy up after itself.
    expect(existsSync(host.path("etc/gpu-observability"))).toBe(true);
    expect(host.remove()).toMatchObject({ status: 0, stdout: "removed\n", stderr: "" });
    expect({
      files: host.files(),
      folders: FOLDERS.filter((folder) => existsSync(host.path(folder))),
      users: host.kept("users"),
      packages: host.kept("packages"),
    }).toEqual({ files: [], folders: [], users: [], packages: [] });
    expect(host.remove()).toMatchObject({ status: 0, stdout: "nothing to remove\n" });
  });

  it.each([MOMENTS[2], MOMENTS[4], MOMENTS[8]])("%s is mended by the next apply", (_moment, tool, words) => {
    const bundle = kill(tool, words);
    expect(host.install(bundle)).toMatchObject({ status: 0, stderr: "" });
    expect(host.kept("users")).toHaveLength(4);
    host.remove();
    expect({ files: host.files(), users: host.kept("users") }).toEqual({ files: [], users: [] });
  });
});
