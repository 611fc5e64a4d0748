import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VerifyReport } from "../../infra/cli/verify/verify.ts";
import type { Ran } from "../support/test-environment.ts";
import { containersOfDev, DevEnvironment } from "./dev-environment.ts";
import { type Daemon, startDaemon } from "./docker-daemon.ts";

/** A machine that does other work as well takes minutes where it would take seconds. */
const LONGEST_MS = 900_000;
const SSH_HOST = "dev-gpu-1";
const PROMETHEUS = "https://127.0.10.1:9090/api/v1/query?query=";

const started = await startDaemon();
if (typeof started === "string") console.warn(`skipped: dev on a real Docker engine: ${started}`);

describe.skipIf(typeof started === "string")("dev on a real Docker engine, by the menu", () => {
  const daemon = started as Daemon;
  let dev: DevEnvironment;

  beforeAll(async () => {
    dev = await DevEnvironment.create(daemon);
  }, LONGEST_MS);
  afterAll(async () => {
    await dev?.end();
    await daemon.stop();
  }, LONGEST_MS);

  const succeeds = async (what: string, ran: Promise<Ran>): Promise<string> => {
    const { code, output, seconds } = await ran;
    console.log(`dev: ${what} in ${seconds.toFixed(1)} s`);
    expect(code, output.slice(-6000)).toBe(0);
    return output;
  };

  /** Whether a query of Prometheus gives any series. */
  const holds = (query: string): boolean => {
    const { body } = daemon.fetch(`${PROMETHEUS}${encodeURIComponent(query)}`, dev.operator("prometheus-a"));
    return (JSON.parse(body) as { data: { result: readonly unknown[] } }).data.result.length > 0;
  };
  const comesToHold = async (query: string): Promise<boolean> => {
    for (let left = 60; left > 0 && !holds(query); left -= 1) await sleep(1000);
    return holds(query);
  };

  it(
    "previews with the policy pack",
    async () => {
      expect(await succeeds("previewed", dev.environment.run("preview"))).toMatch(/\+ \d+ to create/);
      expect(await dev.containers()).toEqual({});
    },
    LONGEST_MS,
  );

  it(
    "comes up: every container the stack file asks for, and the host over ssh",
    async () => {
      await succeeds("up", dev.environment.run("up"));
      expect(Object.keys(await dev.containers()).sort()).toEqual([...containersOfDev()].sort());
    },
    LONGEST_MS,
  );

  it(
    "lands every signal of the simulated host in every backend that is there",
    async () => {
      const { output, seconds } = await dev.environment.run("verify", "--json");
      const { cells, skipped } = JSON.parse(output) as VerifyReport;
      const landed = cells.filter(({ status }) => status === "landed");
      console.log(`dev: verified in ${seconds.toFixed(1)} s: ${landed.length} of ${cells.length} cells landed`);
      expect(cells.filter(({ status }) => status !== "landed")).toEqual([]);
      expect([...new Set(cells.map(({ backend }) => backend))].sort()).toEqual([
        "jaeger",
        "loki",
        "prometheus-a",
        "tempo",
      ]);
      expect(Object.keys(skipped).sort()).toEqual(["grafana", "greptimedb"]);
    },
    LONGEST_MS,
  );

  it(
    "holds the metrics of the host over ssh, by way of its own agent and a gateway",
    async (context) => {
      if (dev.hostObstacle !== undefined) context.skip(dev.hostObstacle);
      expect(await comesToHold(`node_load1{host_name="${SSH_HOST}"}`)).toBe(true);
      expect(await comesToHold(`hw_temperature_celsius{host_name="${SSH_HOST}"}`)).toBe(true);
    },
    LONGEST_MS,
  );

  it(
    "changes nothing in a refresh, and finds no drift",
    async () => {
      const before = await dev.containers();
      expect(await succeeds("refreshed", dev.environment.engine("refresh"))).not.toMatch(
        /\d+ (updated|deleted|created)/,
      );
      expect(await succeeds("looked for drift", dev.environment.run("drift"))).toContain("no drift");
      expect(await dev.containers()).toEqual(before);
    },
    LONGEST_MS,
  );

  it(
    "changes nothing in a second up",
    async () => {
      const before = await dev.containers();
      const output = await succeeds("up again, unchanged", dev.environment.run("up"));
      expect(output).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
      expect(await dev.containers()).toEqual(before);
    },
    LONGEST_MS,
  );

  it(
    "replaces the gateways alone when the sampling rate changes, and keeps what is stored",
    async () => {
      const before = await dev.containers();
      const then = Math.floor(Date.now() / 1000) - 5;
      await succeeds("up, another sampling rate", dev.environment.run("up", "--set", "sampling.default=0.5"));
      const after = await dev.containers();
      const replaced = Object.keys(after).filter((name) => after[name] !== before[name]);
      expect(replaced.sort()).toEqual(["gateway-a", "gateway-b"]);
      expect(holds(`up{job="gateway"} @ ${then} == 1`)).toBe(true);
    },
    LONGEST_MS,
  );

  it(
    "leaves nothing behind on the engine when destroyed",
    async () => {
      await succeeds("destroyed", dev.environment.run("destroy"));
      expect(await daemon.client.listContainers({ all: true })).toEqual([]);
      expect((await daemon.client.listVolumes()).Volumes).toEqual([]);
      const networks = (await daemon.client.listNetworks()).map(({ Name }) => Name);
      expect(networks.toSorted()).toEqual(["bridge", "host", "none"]);
    },
    LONGEST_MS,
  );
});
