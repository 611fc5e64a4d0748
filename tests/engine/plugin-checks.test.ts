import { describe, expect, it } from "vitest";
import { checkInputs } from "../support/plugins/check.ts";
import { Plugin } from "../support/plugins/plugin.ts";
import { SdkTypes } from "../support/plugins/sdk-types.ts";
import { changedProperties, toPlain, toSecret, UNKNOWN } from "../support/plugins/values.ts";

describe("what a stand-in knows of a resource", () => {
  const docker = new SdkTypes("@pulumi/docker");
  const container = docker.resource("docker:index/container:Container");
  const check = (inputs: Record<string, unknown>) =>
    checkInputs(inputs, container.inputs).map(({ property }) => property);

  it("is read off the SDK: what is required, what there is once it exists", () => {
    expect(check({})).toEqual(["image"]);
    expect(container.outputs).toContain("networkDatas");
    expect(container.outputs).toContain("image");
  });

  it("rejects an unknown property at any depth, by its path", () => {
    expect(check({ image: "x", colour: "red", uploads: [{ file: "/x", contents: "y" }] })).toEqual([
      "colour",
      "uploads[0].contents",
    ]);
  });

  it("rejects values of the wrong shape, and takes what bridged providers convert", () => {
    expect(check({ image: "x", uploads: { file: "/x" }, memory: "much", labels: ["a"] })).toEqual([
      "uploads",
      "memory",
      "labels[0]",
    ]);
    expect(check({ image: "x", memory: "64", readOnly: "true" })).toEqual([]);
  });

  it("lets pass what is not known yet, and looks inside what is secret", () => {
    expect(check({ image: UNKNOWN, uploads: [{ file: "/x", content: toSecret("y") }] })).toEqual([]);
    expect(check({ image: "x", uploads: toSecret([{ path: "/x" }]) })).toEqual(["uploads[0].file", "uploads[0].path"]);
  });

  it("reaches nested types of a module, such as a connection and its proxy", () => {
    const { inputs } = new SdkTypes("@pulumi/command").resource("command:remote:Command");
    const connection = { host: "a", proxy: { port: 22 } };
    expect(checkInputs({ connection }, inputs).map(({ property }) => property)).toEqual(["connection.proxy.host"]);
  });

  it.each([
    ["@pulumi/datadog", "datadog:index/monitor:Monitor", ["message", "name", "query", "type"]],
    ["@pulumiverse/grafana", "grafana:oss/dataSource:DataSource", ["type"]],
  ])("knows the required inputs of %s", (sdk, token, wanted) => {
    const { inputs } = new SdkTypes(sdk).resource(token);
    expect([...inputs].filter(([, { required }]) => required).map(([name]) => name)).toEqual(wanted);
  });
});

describe("a stand-in", () => {
  const made: unknown[] = [];
  const kind = {
    replacedBy: () => [],
    create: (inputs: unknown) => {
      made.push(inputs);
      return Promise.resolve({ id: "1", outputs: { stdout: "said", undeclared: 1 } });
    },
  };
  const plugin = new Plugin({ sdk: "@pulumi/command", version: "1.2.1", kindOf: () => kind });
  const urn = "urn:pulumi:test::project::command:local:Command::name";
  const log = () => Promise.resolve();

  it("keeps a secret input secret where it was, and what came of it plain, as the official plugins do", async () => {
    const environment = { WORD: toSecret("hidden"), OPEN: "shown" };
    const { outputs } = await plugin.create(urn, { create: "true", environment }, false, log);
    expect(made.at(-1)).toEqual({ create: "true", environment: { WORD: "hidden", OPEN: "shown" } });
    expect(outputs).toEqual({ create: "true", environment, stdout: "said" });
  });

  it("does nothing in a preview, and says what it cannot know", async () => {
    const count = made.length;
    const { outputs } = await plugin.create(urn, { create: "true" }, true, log);
    expect(made.length).toBe(count);
    expect(outputs).toMatchObject({ create: "true", stdout: UNKNOWN, stderr: UNKNOWN });
  });

  it("rejects a resource it does not serve, by its type", () => {
    const none = new Plugin({ sdk: "@pulumi/command", version: "1.2.1", kindOf: () => undefined });
    expect(() => none.check(urn, {}, {}, "")).toThrow("has no command:local:Command");
  });

  it("sees no difference in secrecy, nor in the order of keys", () => {
    expect(changedProperties({ a: { x: 1, y: 2 } }, { a: toSecret({ y: 2, x: 1 }) })).toEqual([]);
    expect(changedProperties({ a: 1, b: 1 }, { a: 2, c: 1 })).toEqual(["a", "b", "c"]);
    expect(toPlain(toSecret(toSecret("x")))).toBe("x");
  });
});
