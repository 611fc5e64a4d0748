import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { handOver, takeOver } from "../../../infra/environment/hand-over.ts";

describe("the way of a description through the engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-hand-over-"));
  const fleet = (hosts: number) => ({
    hosts: Array.from({ length: hosts }, (_, index) => ({
      name: `gpu-${index}`,
      hostKey: "ssh-ed25519 ".padEnd(80, "A"),
    })),
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is the engine's configuration, as long as that fits a variable", () => {
    const description = fleet(3);
    expect(handOver(description, folder)).toBe(description);
    expect(takeOver(description)).toBe(description);
  });

  it("is a file nobody else reads, where a thousand hosts would not fit", () => {
    const description = fleet(1000);
    const handed = handOver(description, folder);
    expect(JSON.stringify(handed).length).toBeLessThan(1000);
    expect(statSync(join(folder, "environment.json")).mode & 0o777).toBe(0o600);
    expect(takeOver(handed)).toEqual(description);
  });
});
