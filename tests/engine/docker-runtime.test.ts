import { isAbsolute } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { withPreviewedEngine } from "../../components/runtime/docker/previewed-engine.ts";
import { ensureToolchain } from "../../infra/toolchain/toolchain.ts";
import { type Daemon, type Identity, startDaemon } from "./docker-daemon.ts";
import { EngineProject } from "./engine-project.ts";

/** Programs each image holds: its own, and those its health check is asked with. */
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  prometheus: ["prometheus", "promtool"],
  otelcol: ["otelcol"],
  node_exporter: ["node_exporter", "/usr/bin/wget"],
  "dcgm-simulator": [process.execPath],
};
const CONTAINERS = [
  "gateway-a",
  "prometheus-a",
  "dev-gpu-sim-agent",
  "dev-gpu-sim-dcgm-exporter",
  "dev-gpu-sim-node-exporter",
];

const started = await startDaemon();
if (typeof started === "string") console.warn(`skipped: a part of dev on a real Docker engine: ${started}`);

describe.skipIf(typeof started === "string")("a part of dev on a real Docker engine", () => {
  const daemon = started as Daemon;
  let project: EngineProject;

  beforeAll(async () => {
    const ours = Object.values(IMAGES)
      .flat()
      .filter((program) => !isAbsolute(program));
    const { programs } = await ensureToolchain(ours);
    for (const [name, wanted] of Object.entries(IMAGES)) {
      await daemon.importImage(
        `${name}:contract`,
        wanted.map((program) => programs.get(program) ?? program),
      );
    }
    project = await EngineProject.create({
      program: "docker-runtime.ts",
      env: { CONTRACT_HOST: daemon.host },
      prefix: daemon.prefix,
    });
  });
  afterAll(async () => {
    project?.remove();
    await daemon.stop();
  });

  const inspectAll = () =>
    Promise.all(CONTAINERS.map((name) => daemon.client.getContainer(`gpu-observability-dev-${name}`).inspect()));

  let identity: Identity | undefined;

  /** Value of the first series a query gives, from Prometheus over mutual TLS. */
  async function ask(query: string): Promise<string | undefined> {
    if (identity === undefined) {
      const { ca, cert, key } = (await project.outputs()) as Record<"ca" | "cert" | "key", string>;
      identity = { ca, cert, key, serverName: "prometheus-a" };
    }
    const url = `https://127.72.1.1:9090/api/v1/query?query=${encodeURIComponent(query)}`;
    const { body } = daemon.fetch(url, identity);
    const { data } = JSON.parse(body) as { data: { result: readonly { value: readonly [number, string] }[] } };
    return data.result[0]?.value[1];
  }

  it("previews without an engine, but for an answer to the question whether there is one", async () => {
    vi.stubEnv("DOCKER_HOST", "unix:///nowhere.sock");
    const { code, text } = await withPreviewedEngine(undefined, ({ DOCKER_HOST = "" }) =>
      project.preview({ CONTRACT_HOST: DOCKER_HOST }),
    );
    vi.unstubAllEnvs();
    expect(code, text).toBe(0);
  });

  it("comes up, each container healthy by its own program or asked from outside", async () => {
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect((await project.outputs())["ready"]).toEqual(CONTAINERS.map(() => true));
  }, 180_000);

  it("runs every container confined: nobody's, no capability, no new privilege, published on loopback", async () => {
    for (const { Config, HostConfig } of await inspectAll()) {
      expect(Config.User).toBe("10001:10001");
      expect(HostConfig).toMatchObject({
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges:true"],
        Privileged: false,
      });
      expect(HostConfig.RestartPolicy?.Name).toBe("unless-stopped");
      expect(HostConfig.LogConfig).toEqual({ Type: "json-file", Config: { "max-size": "10m", "max-file": "2" } });
      const addresses = Object.values(HostConfig.PortBindings as Record<string, { HostIp: string }[]>).flat();
      expect(addresses.map(({ HostIp }) => HostIp).filter((address) => !address.startsWith("127."))).toEqual([]);
    }
  });

  it.each([
    ["scrapes the gateway by its name", 'up{job="gateway",instance=~"gateway-a.*"} == 1'],
    [
      "holds every simulated GPU of the host, by way of agent and gateway",
      "count(count by (hw_id) (hw_temperature_celsius))",
    ],
    ["holds the kernel faults that the agent read from the simulator's volume", "count(nvidia_xid_events_total)"],
  ])(
    "Prometheus %s",
    async (_what, query) => {
      let value: string | undefined;
      for (let tries = 0; value === undefined && tries < 60; tries += 1, await sleep(1000)) value = await ask(query);
      expect(Number(value)).toBeGreaterThanOrEqual(1);
    },
    90_000,
  );

  it("keeps keys and tokens out of the state", async () => {
    const { key } = (await project.outputs()) as { key: string };
    expect(project.stateText()).not.toContain("PRIVATE KEY");
    expect(project.stateText()).not.toContain(key.split("\n")[2]);
  });

  it("changes nothing in an update without a change", async () => {
    const { code, text, changes } = await project.up();
    expect({ code, changes: Object.keys(changes) }, text).toEqual({ code: 0, changes: ["same"] });
  });

  it("replaces the one container whose configuration changed, and keeps its data", async () => {
    const [gateway, prometheus] = await inspectAll();
    const then = Math.floor(Date.now() / 1000) - 5;
    const held = `up{job="gateway",instance=~"gateway-a.*"} @ ${then}`;
    expect(await ask(held)).toBe("1");
    const { code, text } = await project.up({ CONTRACT_RETENTION: "9d" });
    expect(code, text).toBe(0);
    const [gatewayAfter, prometheusAfter] = await inspectAll();
    expect(gatewayAfter?.Id).toBe(gateway?.Id);
    expect(prometheusAfter?.Id).not.toBe(prometheus?.Id);
    expect(prometheusAfter?.Args).toContain("--storage.tsdb.retention.time=9d");
    expect(await ask(held)).toBe("1");
  }, 180_000);

  it("leaves nothing behind", async () => {
    const { code, text } = await project.destroy();
    expect(code, text).toBe(0);
    expect(await daemon.client.listContainers({ all: true })).toEqual([]);
    expect((await daemon.client.listVolumes()).Volumes).toEqual([]);
    const networks = (await daemon.client.listNetworks()).map(({ Name }) => Name);
    expect(networks.toSorted()).toEqual(["bridge", "host", "none"]);
  }, 120_000);
});
