import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../infra/environment/schema.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { runProgram } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";

/** How each program judges its own configuration (S0-70, C-12). */
const JUDGES: Readonly<Record<string, (at: Relocated, files: readonly string[]) => readonly [string, ...string[]][]>> =
  {
    otelcol: ({ args }) => [["otelcol", "validate", ...args.filter((arg) => arg.startsWith("--config"))]],
    prometheus: (_, files) => [
      ["promtool", "check", "config", "prometheus.yml"],
      ...files
        .filter((file) => file.startsWith("rules/"))
        .map((file) => ["promtool", "check", "rules", file] as [string, ...string[]]),
      ["promtool", "check", "web-config", "web-config.yml"],
    ],
    alertmanager: () => [["amtool", "check-config", "alertmanager.yml"]],
    tempo: ({ args }) => [["tempo", "-config.verify", ...args]],
    loki: ({ args }) => [["loki", "-verify-config", ...args]],
    jaeger: ({ args }) => [["jaeger", "validate", ...args]],
  };

describe.each(ENVIRONMENT_NAMES)("every configuration of %s", (name) => {
  const deployables = planDeployables(planTopology(readEnvironment(PROJECT_ROOT, name), OFFLINE));
  const judged = deployables.map(({ workload }) => workload).filter(({ program }) => program in JUDGES);

  describe.each(judged.map((workload) => [workload.name, workload] as const))("%s", (_, workload) => {
    let at: Relocated;
    beforeAll(async () => {
      at = await relocate(workload);
    });
    afterAll(() => at.remove());

    it(`is accepted by ${workload.program} itself`, () => {
      const judges = JUDGES[workload.program]?.(at, Object.keys(workload.files)) ?? [];
      expect(judges.length).toBeGreaterThan(0);
      for (const [program, ...args] of judges) {
        const { status, output } = runProgram(program, args, at.folder, at.env);
        expect(status, `${program} ${args.join(" ")}\n${output}`).toBe(0);
      }
    });
  });
});

describe("the judges", () => {
  it("rejects a collector configuration with an unknown key", async () => {
    const [gateway] = planDeployables(planTopology(readEnvironment(PROJECT_ROOT, "local"), OFFLINE))
      .map(({ workload }) => workload)
      .filter(({ service }) => service === "gateway");
    if (gateway === undefined) throw new Error("local has no gateway");
    const [[file, text] = ["", ""]] = Object.entries(gateway.files);
    const broken = { ...gateway, files: { [file]: text.replace("receivers:", "recievers:") } };
    const at = await relocate(broken);
    const { status, output } = runProgram("otelcol", ["validate", ...at.args], at.folder, at.env);
    at.remove();
    expect(status).not.toBe(0);
    expect(output).toContain("recievers");
  });
});
