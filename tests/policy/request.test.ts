import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileAsset } from "@pulumi/pulumi/asset/index.js";
import * as proxy from "@pulumi/policy/proxy.js";
import { afterAll, describe, expect, it } from "vitest";
import { type Handed, readRequest } from "../../infra/policy/read/request.ts";
import { PROCESS } from "../../infra/policy/read/process.ts";
import { noteSent } from "../../infra/policy/read/sent.ts";
import { UNKNOWN } from "../support/plugins/values.ts";
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
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is read once for all rules, and the next one anew", async () => {
    const rules = handOut(source);
    const platform = await readRequest(rules());
    expect(await readRequest(rules())).toBe(platform);
    expect(platform.units.map(({ runtime }) => runtime)).toEqual(expect.arrayContaining(["docker", "ssh"]));
    writeFileSync(source, archiveOf("gpu-2"));
    const next = await readRequest(handOut(source)());
    expect(next.units.map(({ name }) => name)).toEqual(expect.arrayContaining(["gpu-2-agent"]));
  });

  it("takes a bundle from what the program gave where the plugin does not know it yet", async () => {
    writeFileSync(source, archiveOf("gpu-1"));
    const given = handOut(source)();
    const asked = async () => {
      const unknown = given.map((one): Handed => {
        const props = one.type === COPY ? unknownCheckingProxy({ source: UNKNOWN }) : one.props;
        return { ...one, props, opts: { protect: false, ignoreChanges: [] } };
      });
      return (await readRequest(unknown)).units.map(({ name }) => name);
    };
    expect(await asked()).not.toContain("gpu-1-agent");
    for (const one of given) noteSent(one);
    expect(await asked()).toContain("gpu-1-agent");
  });

  it("takes a process from what the program gave where it answers with its state, as in an `up`", async () => {
    const urn = `urn:pulumi:local::gpu-observability::${PROCESS}::gateway-a-process`;
    const props = { name: "gateway-a", command: ["/programs/otelcol"], args: [], env: {}, files: {}, listeners: [] };
    const state = { folder: "/state/workloads/gateway-a", planHash: "0", secretHash: "0", pid: 1, ready: true };
    const answered: Handed = { type: PROCESS, urn, props: state, opts: { protect: false, ignoreChanges: [] } };
    noteSent({ type: PROCESS, urn, props });
    const { units } = await readRequest([answered]);
    expect(units.map(({ name, program }) => [name, program])).toEqual([["gateway-a", "otelcol"]]);
  });

  it("has nothing where it holds nothing", async () => {
    expect((await readRequest([])).units).toEqual([]);
  });
});
