import { describe, expect, it } from "vitest";
import { toAddress, toEndpoint } from "../../../components/core/endpoint.ts";
import { hashOf } from "../../../components/core/hash.ts";
import { toGoDuration, toSeconds } from "../../../components/core/units.ts";
import { toYaml } from "../../../components/core/yaml.ts";

describe("core", () => {
  it("reads durations in seconds", () => {
    expect(toSeconds("200ms")).toBe(0.2);
    expect(toSeconds("15d")).toBe(1_296_000);
  });

  it("spells days for programs that know none", () => {
    expect(toGoDuration("15d")).toBe("360h");
    expect(toGoDuration("90s")).toBe("90s");
  });

  it("puts an IPv6 host in brackets", () => {
    expect(toAddress({ host: "::1", port: 4317 })).toBe("[::1]:4317");
    expect(toEndpoint("https", { host: "loki", port: 3100 }, "/otlp")).toBe("https://loki:3100/otlp");
  });

  it("hashes plain values whatever the order of their keys", () => {
    expect(hashOf({ a: 1, b: [2] })).toBe(hashOf({ b: [2], a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
  });

  it("quotes what YAML 1.1 would read as a boolean", () => {
    expect(toYaml({ a: "on", b: "yes" })).toBe('a: "on"\nb: "yes"\n');
  });
});
