import { describe, expect, it } from "vitest";
import { issueAuthority } from "../../components/security/x509.ts";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { SIGNED_IN, withExternalGreptimedb } from "../support/external-greptimedb.ts";
import { runProgram } from "../support/programs.ts";
import { relocate } from "../support/relocate.ts";

// GreptimeDB itself comes only as an official archive, which cannot be had here: what it makes of it, nobody tried.
describe("a gateway of production with an existing GreptimeDB", () => {
  it("is accepted by the collector itself", async () => {
    const { certPem } = await issueAuthority({ commonName: "of the cluster", validityDays: 1 });
    const environment = withExternalGreptimedb("production", { ...SIGNED_IN, authority: certPem });
    const workloads = planDeployables(planTopology(environment, OFFLINE)).map(({ workload }) => workload);
    const gateway = workloads.find(({ service }) => service === "gateway");
    if (gateway === undefined) throw new Error("no gateway");
    const at = await relocate(gateway);
    const { status, output } = runProgram("otelcol", ["validate", ...at.args], at.folder, at.env);
    at.remove();
    expect(status, output).toBe(0);
  });
});
