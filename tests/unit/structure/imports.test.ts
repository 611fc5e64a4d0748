import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";

const sources = ["components", "infra"].flatMap((folder) =>
  readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(folder, path)),
);
/** Files by the files they import when they run; types do not count. */
const imports = new Map(
  sources.map((file) => {
    const text = readFileSync(join(PROJECT_ROOT, file), "utf8");
    const targets = [...text.matchAll(/^import (?!type )[^;]*? from "(\.[^"]+)";/gms)].map(([, path = ""]) =>
      normalize(join(dirname(file), path)),
    );
    return [file, targets] as const;
  }),
);

describe("the source", () => {
  it("has no import cycle", () => {
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) throw new Error([...trail.slice(trail.indexOf(file)), file].join(" -> "));
      if (done.has(file)) return;
      for (const next of imports.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
    expect(done.size).toBeGreaterThanOrEqual(sources.length);
  });

  it("is made of small files: half of them at most 70 lines, a tenth above 200 at most, none above 300", () => {
    const lengths = sources
      .map((file) => readFileSync(join(PROJECT_ROOT, file), "utf8").split("\n").length - 1)
      .sort((left, right) => left - right);
    const at = (share: number) => lengths[Math.floor(lengths.length * share)] ?? 0;
    expect(at(0.5)).toBeLessThanOrEqual(70);
    expect(at(0.9)).toBeLessThanOrEqual(200);
    expect(lengths.at(-1)).toBeLessThanOrEqual(300);
  });
});
