import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { type Catalogue, thisArchitecture } from "../../infra/toolchain/catalogue.ts";
import { RELEASES_VARIABLE } from "../../infra/toolchain/release-site.ts";
import { FreshClone } from "../support/fresh-clone.ts";
import { NETWORKS } from "../support/networks.ts";
import { program } from "../support/programs.ts";
import { LAYOUTS } from "../support/release-mirror/layouts.ts";
import { ReleaseMirror } from "../support/release-mirror/mirror.ts";
import { type ContentOf, packRelease, type Served, sha256 } from "../support/release-mirror/pack.ts";

/** Sources whose programs run in `local`. */
const LOCAL = [
  ...["pulumi", "pulumi-language-nodejs", "otelcol", "prometheus", "alertmanager", "node_exporter"],
  ...["tempo", "loki", "jaeger", "greptimedb", "grafana"],
];
const STAND_INS = ["greptimedb", "grafana"];
const ARCHITECTURE = thisArchitecture() ?? "amd64";

/** The programs of this machine, in the place of the publishers'; stand-ins where there are none. */
const contentOf: ContentOf = (name) => {
  if (name === "pulumi-resource-pulumi-nodejs") return { file: join(program("pulumi-language-nodejs"), "..", name) };
  if (!STAND_INS.includes(name)) return { file: program(name) };
  const main = join(PROJECT_ROOT, "tests/support/stand-ins", `${name}.ts`);
  return { text: `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n` };
};

describe("npm start on a machine without Go that reaches official archives", () => {
  const clone = new FreshClone();
  let mirror: ReleaseMirror;
  let env: Record<string, string>;
  const start = () => clone.run(["start", "--set", `network.loopback=${NETWORKS.fromReleases}`], env);

  beforeAll(async () => {
    mirror = await ReleaseMirror.start(`${NETWORKS.releases}.3`);
    const layouts = LAYOUTS.filter(({ source }) => LOCAL.includes(source));
    const files = layouts.flatMap((layout) => packRelease(layout, ARCHITECTURE, contentOf));
    mirror.serve(files);
    clone.startPackBy(join(program("pulumi-language-nodejs"), "..", "pulumi-analyzer-policy"));
    clone.changeVersions((catalogue) => pinStandIn(catalogue, files));
    env = { [RELEASES_VARIABLE]: mirror.base };
  }, 300_000);

  afterAll(async () => {
    await clone.run(["destroy", "local", "--set", `network.loopback=${NETWORKS.fromReleases}`], env);
    await mirror.stop();
    clone.removeFolder();
  }, 120_000);

  it("ends in the verified table, with GreptimeDB and Grafana in it", async () => {
    const { code, output, seconds } = await start();
    console.log(`npm start from official archives: ${seconds.toFixed(1)} s`);
    expect(code, output.slice(-6000)).toBe(0);
    expect(output).toMatch(/^signal .*\bgreptimedb\b.*\bgrafana\b/m);
    expect(output).toMatch(/^data sources .*landed/m);
    expect(output).not.toMatch(/MISSING|skipped|building|Go\b/);
    expect(existsSync(join(clone.home, ".cache/gpu-observability/programs/grafana"))).toBe(true);
  }, 600_000);

  it("changes nothing the second time, within seconds, and fetches nothing", async () => {
    const before = mirror.asked.length;
    const { code, output, seconds } = await start();
    console.log(`again: ${seconds.toFixed(1)} s`);
    expect(code, output.slice(-6000)).toBe(0);
    expect(output).toMatch(/unchanged/);
    expect(mirror.asked.length).toBe(before);
  }, 300_000);
});

/** The stand-in is not the archive that was pinned. */
function pinStandIn(catalogue: Catalogue, files: readonly Served[]): Catalogue {
  const { grafana } = catalogue.sources;
  const archive = files.find(({ address }) => /grafana_.*\.tar\.gz$/.test(address));
  if (grafana?.release === undefined || archive === undefined) throw new Error("Grafana has no release");
  const release = { ...grafana.release, sha256: { [ARCHITECTURE]: sha256(archive.content) } };
  return { ...catalogue, sources: { ...catalogue.sources, grafana: { ...grafana, release } } };
}
