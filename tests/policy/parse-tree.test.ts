import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseTree } from "../../infra/policy/read/parse-tree.ts";
import { readPlatform } from "../../infra/policy/read/platform.ts";
import { bundleResource } from "./bundles.ts";
import { containerResources } from "./containers.ts";
import { kubernetesResources } from "./manifests.ts";

describe("a configuration file before the policy pack", () => {
  it("is what a parser of YAML makes of the whole, for every file of dev, production and an ssh host", () => {
    const { units } = readPlatform([
      ...containerResources(),
      ...kubernetesResources("production"),
      ...["gpu-1", "gpu-2"].map((host) => bundleResource(host)),
    ]);
    const texts = units.flatMap(({ files }) =>
      Object.entries(files).flatMap(([path, text]) => (/\.ya?ml$/.test(path) ? [text] : [])),
    );
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(parseTree(text)).toEqual(parse(text));
  });

  it.each([
    ["a list", "- a\n- b\n"],
    ["a list below a key that is not indented", "a:\n- 1\n- 2\nb: 2\n"],
    ["comments", "# why\na: 1\n# and\nb:\n  # here\n  c: 2\n"],
    ["an anchor used in another entry", "a: &shared\n  one: 1\nb: *shared\n"],
    ["a merge", "a: &shared\n  one: 1\nb:\n  <<: *shared\n  two: 2\n"],
    ["texts of several lines", 'a: |\n  x:\n    y: 1\n\n  z\nb: >-\n  one\n  two\nc: "one\n  two: 3"\n'],
    ["keys in quotes", '"a b":\n  c: 1\n1:\n  d: 2\n'],
    ["empty values", "a:\nb:\n  c:\n  d: {}\n"],
    ["more indentation", "a:\n    b: 1\n    c:\n        d: 2\n"],
    ["no newline at its end", "a:\n  b: 1"],
    ["a document mark", "---\na: 1\n"],
    ["JSON", '{ "a": { "b": [1, 2] } }'],
    ["a collection over several lines", "a: [\n  1,\n  2,\n  ]\nb: { c: 1,\n  d: 2 }\n"],
    ["a text below its key", "a:\n  some text\n  in two lines\nb: 1\n"],
    ["lines that end as on Windows", "a:\r\n  b: 1\r\nc: 2\r\n"],
  ])("is read whole where it is %s", (_what, text) => {
    const value: unknown = parse(text);
    expect(parseTree(text)).toEqual(Array.isArray(value) ? undefined : value);
  });

  it.each([
    ["states a key twice", "a: 1\na: 2\n"],
    ["uses an anchor that is nowhere", "a: 1\nb: *nowhere\n"],
    ["ends within a text", 'a: 1\nb: "open\n'],
    ["is a script", "#!/bin/sh\necho done\n"],
  ])("rejects one that %s", (_what, text) => expect(parseTree(text)).toBeUndefined());

  it("shares what two documents have in common", () => {
    const of = (host: string) => parseTree(`receivers:\n  otlp:\n    on: [a, b]\nhost:\n  name: ${host}\n`);
    const [one, other] = [of("gpu-1"), of("gpu-2")];
    expect(one).toEqual({ receivers: { otlp: { on: ["a", "b"] } }, host: { name: "gpu-1" } });
    const listOf = (tree: typeof one) => (tree?.["receivers"] as { otlp: { on: unknown } }).otlp.on;
    expect(listOf(one)).toBe(listOf(other));
  });
});
