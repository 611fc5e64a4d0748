import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventSchema } from "../../../components/gpu-host/simulator/events.ts";
import { parseEvent, parseScenario } from "../../../components/gpu-host/simulator/scenario.ts";
import { toScenarioYaml } from "../../../components/gpu-host/scenarios/catalogue.ts";

const parse = (text: string) => parseScenario(text, "scenario.yaml");

describe("a scenario file", () => {
  it("may be empty but for its braces: eight healthy GPUs", () => {
    expect(parse("{}")).toMatchObject({ gpus: 8, model: "NVIDIA H100 80GB HBM3", events: [], mig: [] });
  });

  it.each(["healthy", "idle-gpu", "one-sick-gpu"] as const)(
    "of the name %s is valid for 1, 2, 8 and 64 GPUs",
    (name) => {
      for (const gpus of [1, 2, 8, 64]) expect(parse(toScenarioYaml(name, gpus)).gpus).toBe(gpus);
    },
  );

  it("rejects unknown keys, unknown events and GPUs the host does not have", () => {
    expect(() => parse("{ gpu: 8 }")).toThrow(/"gpu"/);
    expect(() => parse("{ events: [{ atSeconds: 1, gpu: 0, event: melt }] }")).toThrow(/events\.0\.event/);
    expect(() => parse("{ gpus: 2, events: [{ atSeconds: 1, gpu: 2, event: recover }] }")).toThrow(/below 2/);
    expect(() => parse("{ gpus: 2, mig: [{ gpu: 5, instances: [{ profile: 1g.10gb, id: 1, share: 0.1 }] }] }")).toThrow(
      /mig\.0\.gpu/,
    );
    expect(() => parse("{ gpus: 2, jobs: [{ id: '7', gpus: [0, 2] }] }")).toThrow(/jobs\.0\.gpus\.1/);
  });

  it("rejects an event after the end of its loop, which would never come", () => {
    expect(() => parse("{ loopSeconds: 10, events: [{ atSeconds: 10, gpu: 0, event: recover }] }")).toThrow(
      /loopSeconds/,
    );
  });

  it("rejects text that is not YAML", () => {
    expect(() => parse("{ gpus: [")).toThrow(/expected {2}YAML/);
  });
});

describe("an injected event", () => {
  it("is in the README's table under its name, with every field it may have", () => {
    const rows = readFileSync(join(import.meta.dirname, "../../../components/gpu-host/README.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows.map((row) => /^\| `([a-z-]+)`/.exec(row)?.[1]).sort()).toEqual(
      eventSchema.options.map(({ shape }) => [...shape.event.values][0]).sort(),
    );
    for (const { shape } of eventSchema.options) {
      const row = rows.find((line) => line.startsWith(`| \`${[...shape.event.values][0]}\``));
      for (const field of Object.keys(shape))
        if (!["event", "trace_id"].includes(field)) expect(row).toContain(`\`${field}\``);
    }
  });

  it("gets its defaults", () => {
    expect(parseEvent({ gpu: 1, event: "throttle" }, 8)).toEqual({ gpu: 1, event: "throttle", reason: "hw_thermal" });
  });

  it("rejects a trace id that is none, and a time, because it happens now", () => {
    expect(() => parseEvent({ gpu: 1, event: "recover", trace_id: "abc" }, 8)).toThrow(/trace_id/);
    expect(() => parseEvent({ gpu: 1, event: "recover", atSeconds: 3 }, 8)).toThrow(/atSeconds/);
  });
});
