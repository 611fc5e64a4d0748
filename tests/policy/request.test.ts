import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileAsset } from "@pulumi/pulumi/asset/index.js";
import * as proxy from "@pulumi/policy/proxy.js";
import { describe, expect, it } from "vitest";
import { type Handed, readRequest } from "../../infra/policy/read/request.ts";
import { archiveOf } from "./bundles.ts";
import { containerResources } from "./containers.ts";
import { urnOf } from "./processes.ts";

/** The SDK's own, which its types leave out. */
const { unknownCheckingProxy } = proxy as unknown as {
  readonly unknownCheckingProxy: (value: object) => Record<string, unknown>;
};

const COPY = "command:remote:CopyToRemote";

/** As the SDK hands resources to each rule of one request: new trees each time, the same lists. */
function handOut(source: string, lists = containerResources().map((): string[] => [])) {
  const props = { connection: { host: "gpu-1.internal" }, source: new FileAsset(source) };
  return (): readonly Handed[] => [
    ...containerResources().map(({ type, urn, props: tree, protect }, index) => ({
      type,
      urn,
      props: unknownCheckingProxy(structuredClone(tree)),
      opts: { protect, ignoreChanges: lists[index] ?? [] },
    })),
    {
      type: COPY,
      urn: urnOf("dev", COPY, "gpu-1-bundle"),
      props: unknownCheckingProxy(props),
      opts: { protect: false, ignoreChanges: [] },
    },
  ];
}

describe("a request of the engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-request-"));
  const source = join(folder, "bundle.tar");
  writeFileSync(source, archiveOf("gpu-1"));

  it("is read once for all rules, and the next one anew", async () => {
    const rules = handOut(source);
    const platform = await readRequest(rules());
    expect(await readRequest(rules())).toBe(platform);
    expect(platform.units.map(({ runtime }) => runtime)).toEqual(expect.arrayContaining(["docker", "ssh"]));
    writeFileSync(source, archiveOf("gpu-2"));
    const next = await readRequest(handOut(source)());
    expect(next.units.map(({ name }) => name)).toEqual(expect.arrayContaining(["gpu-2-agent"]));
    rmSync(folder, { recursive: true, force: true });
  });

  it("has nothing where it holds nothing", async () => {
    expect((await readRequest([])).units).toEqual([]);
  });
});
