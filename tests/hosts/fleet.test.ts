import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineProject } from "../engine/engine-project.ts";
import { program } from "../support/programs.ts";
import type { Fleet } from "./fleet-program.ts";
import { findObstacle, OPERATOR, RealHost } from "./real-host.ts";
import { Mirror, Receiver } from "./receiver.ts";

const obstacle = findObstacle();
if (obstacle !== undefined) console.log(`skipped: a fleet of real hosts: ${obstacle}`);

const NAMES = ["gpu-1", "gpu-2"] as const;

/** What the engine reports as an error of a host's resources, by host. */
function errorsOf(text: string): Readonly<Record<string, string>> {
  const reports = text.split(/^ {2}(?=\S+:\S+ \(\S+\):$)/m);
  const failed = reports.filter((report) => /^ {4}error:/m.test(report));
  return Object.fromEntries(
    failed.flatMap((report) => {
      const host = /^\S+ \((gpu-\d+)-(bundle|apply)\):/.exec(report)?.[1];
      return host === undefined ? [] : [[host, report] as const];
    }),
  );
}

describe.skipIf(obstacle !== undefined)("two real hosts through the engine", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-fleet-"));
  const hosts = NAMES.map((_name, index) => new RealHost(10 + index));
  const receivers: Receiver[] = [];
  let mirror: Mirror;
  let project: EngineProject;

  beforeAll(async () => {
    const [first, second] = hosts as [RealHost, RealHost];
    await second.prepare();
    await first.boot();
    mirror = await Mirror.start(first.here);
    receivers.push(await Receiver.start(first.here, "gpu-1-agent"));
    const env = { FLEET_FILE: join(folder, "fleet.json"), PULUMI_CONTINUE_ON_ERROR: "true" };
    project = await EngineProject.create({ program: "../../hosts/fleet-program.ts", env });
  }, 900_000);
  afterAll(async () => {
    project?.remove();
    mirror?.end();
    for (const receiver of receivers) receiver.end();
    await Promise.all(hosts.map((host) => host.end()));
    rmSync(folder, { recursive: true, force: true });
  });

  /** Programs come from the first host's mirror; the second reaches it over its own pair of interfaces. */
  function describeFleet(change: Partial<Record<(typeof NAMES)[number], Partial<Fleet["hosts"][number]>>> = {}): void {
    const fleet: Fleet = {
      bundleFolder: join(folder, "bundles"),
      programs: {
        otelcol: mirror.serve("otelcol", program("otelcol")),
        node_exporter: mirror.serve("node_exporter", program("node_exporter")),
        "dcgm-exporter": mirror.serve("dcgm-exporter", join(import.meta.dirname, "fakes/dcgm-exporter")),
      },
      hosts: NAMES.map((host, index) => ({
        host,
        gateways: [{ host: hosts[index]?.here ?? "", port: 4317 }],
        address: hosts[index]?.address ?? "",
        user: OPERATOR.user,
        hostKey: hosts[index]?.hostKey() ?? "",
        privateKey: hosts[index]?.privateKey() ?? "",
        environment: "production",
        secrets: receivers[index]?.secrets() ?? receivers[0]?.secrets() ?? {},
        ...change[host],
      })),
    };
    writeFileSync(join(folder, "fleet.json"), JSON.stringify(fleet), { mode: 0o600 });
  }

  const arrives = async (index: number, text: string) => {
    for (let left = 100; left > 0 && !receivers[index]?.received().includes(text); left -= 1) await sleep(200);
    return receivers[index]?.received().includes(text);
  };
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const begin = performance.now();
    const result = await work;
    console.log(`${what}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    return result;
  };

  it("installs the host that is up; the one that is down fails alone and is named", async () => {
    describeFleet();
    const { code, text } = await timed("up, one host down", project.up());
    expect(code).not.toBe(0);
    // How an address that nobody has answers depends on the network around.
    expect(errorsOf(text)).toEqual({
      "gpu-2": expect.stringMatching(
        /after \d+ failed attempts: (connect E\w+ |dial tcp |Timed out|Connection lost before|ssh: handshake failed: EOF)/,
      ),
    });
    expect(await arrives(0, '"node_load1"')).toBe(true);
  });

  it("heals with the next up once the host is there", async () => {
    await hosts[1]?.boot();
    receivers.push(await Receiver.start(hosts[1]?.here ?? "", "gpu-2-agent"));
    const here = hosts[0]?.here ?? "";
    await hosts[1]?.ssh(`ip route add ${here} via ${hosts[1]?.here}`);
    describeFleet();
    const { code, text } = await timed("up that heals", project.up());
    expect(code, text).toBe(0);
    expect(await arrives(1, '"node_load1"')).toBe(true);
  });

  it("needs two resources a host, and changes nothing the second time", async () => {
    const own = project.resources().filter(({ type }) => type.startsWith("command:"));
    expect(own).toHaveLength(2 * NAMES.length);
    const { code, changes } = await timed("up without a change", project.up());
    expect({ code, changes }).toMatchObject({ code: 0, changes: { same: 5 } });
    expect(changes["update"]).toBeUndefined();
  });

  it("keeps secrets and content out of the state", () => {
    const state = project.stateText();
    expect(state).not.toContain("PRIVATE KEY");
    expect(state).not.toContain(Buffer.from("token of the tests").toString("base64"));
    expect(state).not.toContain("hw.temperature");
    console.log(`state of ${NAMES.length} hosts: ${Math.round(state.length / 1024)} KiB`);
  });

  it("updates one host in place when one host changes", async () => {
    describeFleet({ "gpu-2": { environment: "staging" } });
    const { code, text, changes } = await timed("up, one host changed", project.up());
    expect(code, text).toBe(0);
    expect(changes).toMatchObject({ update: 2, same: 3 });
    expect(await arrives(1, '"staging"')).toBe(true);
    expect(receivers[0]?.received()).not.toContain('"staging"');
  });

  const unchanged = async (index: number): Promise<void> => {
    const { stdout } = (await hosts[index]?.ssh("cat /etc/gpu-observability/*/otel-collector-config.yaml")) ?? {};
    expect(stdout).toContain("value: staging");
  };

  it.each([
    [
      "a user that its key does not open",
      () => ({ user: "nobody" }),
      /after \d+ failed attempts: (All configured authentication methods failed|.*unable to authenticate)/,
    ],
    [
      "a bastion that is dead",
      () => ({ bastion: { host: hosts[1]?.here ?? "", port: 9, user: "root", hostKey: hosts[1]?.hostKey() ?? "" } }),
      /proxy: after \d+ failed attempts: (connect ECONNREFUSED 198\.51\.100\.45:9|dial tcp 198\.51\.100\.45:9: connect: connection refused)/,
    ],
    [
      "a user whose sudo wants a password",
      () => {
        hosts[1]?.sudoRule("ALL");
        return { environment: "other" };
      },
      /deployer cannot become root on this host, nothing was changed: sudo: a password is required; let its sudo/,
    ],
  ])("rejects %s: that host alone fails, is named, and says so", async (_problem, change, words) => {
    describeFleet({ "gpu-2": { environment: "staging", ...change() } });
    const { code, text } = await timed("up", project.up());
    hosts[1]?.sudoRule("NOPASSWD: ALL");
    expect(code).not.toBe(0);
    expect(errorsOf(text)).toEqual({ "gpu-2": expect.stringMatching(words) });
    await unchanged(1);
  });

  it("rejects a host whose key is another, and changes nothing there", async () => {
    const other = hosts[0]?.hostKey() ?? "";
    describeFleet({ "gpu-2": { environment: "other", hostKey: other } });
    const { code, text } = await project.up();
    expect(code).not.toBe(0);
    expect(errorsOf(text)).toEqual({ "gpu-2": expect.stringContaining("host key mismatch") });
    await unchanged(1);
  });

  it("removes everything of both with destroy", async () => {
    describeFleet({ "gpu-2": { environment: "staging" } });
    expect((await project.up()).code).toBe(0);
    const { code, text } = await timed("destroy", project.destroy());
    expect(code, text).toBe(0);
    for (const host of hosts) {
      const { stdout } = await host.ssh(
        "ls -d /etc/gpu-observability /opt/gpu-observability /var/lib/gpu-observability; getent passwd | grep gpuobs",
      );
      expect(stdout).toBe("");
    }
  });
});
