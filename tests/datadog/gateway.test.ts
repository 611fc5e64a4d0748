import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DATADOG_KEY_FILE } from "../../components/collector/render-destinations.ts";
import type { Destination } from "../../components/collector/settings.ts";
import { gatewayWorkload } from "../../components/collector/workload.ts";
import { NETWORKS } from "../support/networks.ts";
import { program, runProgram } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";
import { DESTINATIONS, gatewaySettings, SAMPLING_ON } from "../unit/collector/fixture.ts";

const AGENT: Destination = { kind: "datadog", agent: { host: "datadog-agent.internal", port: 4317 } };
const INTAKE: Destination = { kind: "datadog", site: "datadoghq.eu" };
/** An address no environment uses: a gateway that runs here already must not be in the way. */
const HOST = `${NETWORKS.datadog}.1`;

function settings(datadog: Destination) {
  const { placement } = gatewaySettings();
  return gatewaySettings({
    placement: { ...placement, bind: HOST, dial: HOST, certificateNames: [HOST] },
    destinations: [...DESTINATIONS, datadog],
    sampling: SAMPLING_ON,
  });
}

describe("a gateway that sends to Datadog", () => {
  it.each([
    ["an Agent", AGENT],
    ["the intake", INTAKE],
  ])("is accepted and started by otelcol itself with %s", async (_, datadog) => {
    const workload = gatewayWorkload(settings(datadog));
    const secretFiles = { ...workload.secretFiles, [DATADOG_KEY_FILE]: "datadog-api-key" };
    const at = await relocate({ ...workload, secretFiles });
    try {
      const { status, output } = runProgram("otelcol", ["validate", ...at.args], at.folder, at.env);
      expect(status, output).toBe(0);
      expect(await starts(at)).toBe("healthy");
    } finally {
      at.remove();
    }
  });
});

/** Starts a collector and waits until it is healthy or has ended; what it said in that case. */
async function starts({ args, folder, env }: Relocated): Promise<string> {
  const child = spawn(program("otelcol"), args, { cwd: folder, env: { PATH: process.env["PATH"] ?? "", ...env } });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  try {
    for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt += 1) {
      const answer = await fetch(`http://${HOST}:8888/`).catch(() => undefined);
      if (answer?.ok === true) return "healthy";
      await sleep(100);
    }
    return log.slice(-4000);
  } finally {
    child.kill("SIGKILL");
  }
}
