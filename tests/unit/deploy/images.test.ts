import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { resolveImage } from "../../../infra/deploy/images.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { messageOf } from "../../support/problems.ts";

describe("resolveImage", () => {
  it("has a pinned image for everything staging and production run in containers", () => {
    for (const name of ["staging", "production"] as const) {
      const deployables = planDeployables(planTopology(readEnvironment(PROJECT_ROOT, name)));
      for (const { workload, runtime } of deployables.filter((one) => one.runtime === "kubernetes")) {
        expect(resolveImage(workload.program).image, runtime).toMatch(/^[^:]+:v?\d+\.\d+/);
      }
    }
  });

  it("takes the programs of one source from one image", () => {
    expect(resolveImage("promtool")).toEqual(resolveImage("prometheus"));
  });

  it("puts a mirror in the place of any registry and keeps the path", () => {
    expect(resolveImage("loki", "mirror.example.org").image).toMatch(/^mirror\.example\.org\/grafana\/loki:/);
    expect(resolveImage("dcgm-exporter", "mirror.example.org/gpu/").image).toMatch(
      /^mirror\.example\.org\/gpu\/nvidia\/k8s\/dcgm-exporter:/,
    );
  });

  it("rejects a program that comes in no image", () => {
    expect(messageOf(() => resolveImage("pulumi"))).toContain("infra/toolchain/versions.json: pulumi");
  });
});
