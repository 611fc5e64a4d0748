import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { resolveImage } from "../../infra/deploy/images.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { planDocker } from "../../infra/deploy/docker.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { ensureToolchain } from "../../infra/toolchain/toolchain.ts";
import { findObstacle } from "../hosts/real-host.ts";
import { pluginPath } from "../support/plugins/plugin-path.ts";
import { TestEnvironment } from "../support/test-environment.ts";
import type { Daemon, Identity } from "./docker-daemon.ts";
import type { ReadyHost } from "./gpu-host.ts";

/** Place of the GPU host among hosts booted at the same time. */
const HOST_INDEX = 20;
/** They come as official archives alone; where those are reached, images would be, too. */
const WITHOUT_PROGRAM = ["greptimedb", "grafana"] as const;
/** Programs an image's health check is asked with, beside its own. */
const ASKED_WITH: Readonly<Record<string, readonly string[]>> = {
  prometheus: ["promtool"],
  alertmanager: ["amtool"],
  node_exporter: ["/usr/bin/wget"],
};

/** Dev as its stack file says, but for the two programs that cannot be had, on a Docker engine of the test's own. */
export class DevEnvironment {
  readonly environment: TestEnvironment;
  /** Why there is no host over ssh; nothing where there is one. */
  readonly hostObstacle: string | undefined;
  private readonly daemon: Daemon;
  private readonly plugins: string;
  private readonly host: ChildProcess | undefined;

  private constructor(daemon: Daemon, host: ChildProcess | undefined, ready: ReadyHost | undefined) {
    this.daemon = daemon;
    this.host = host;
    this.hostObstacle = ready === undefined ? findObstacle() : undefined;
    this.plugins = pluginPath();
    this.environment = new TestEnvironment("dev", {
      overrides: [...WITHOUT_PROGRAM.map((name) => `${name}.enabled=false`), ...toOverrides(ready)],
      env: { PATH: `${this.plugins}${delimiter}${process.env["PATH"] ?? ""}`, DOCKER_HOST: daemon.host },
      launcher: daemon.prefix,
    });
  }

  static async create(daemon: Daemon): Promise<DevEnvironment> {
    for (const name of WITHOUT_PROGRAM)
      console.log(`off in dev: ${name}: its program comes as an official archive only`);
    await importImages(daemon);
    const obstacle = findObstacle();
    if (obstacle !== undefined) {
      console.log(`off in dev: its host over ssh: ${obstacle}`);
      return new DevEnvironment(daemon, undefined, undefined);
    }
    const { child, ready } = await bootHost(daemon);
    const dev = new DevEnvironment(daemon, child, ready);
    const { code, output } = await dev.environment.secret("sshPrivateKey", ready.privateKey);
    if (code !== 0) throw new Error(output);
    return dev;
  }

  /** The operator's certificate, which `up` left. */
  operator(serverName: string): Identity {
    const [ca = "", cert = "", key = ""] = ["ca", "cert", "key"].map((name) =>
      readFileSync(join(this.environment.folder, "operator", `${name}.pem`), "utf8"),
    );
    return { ca, cert, key, serverName };
  }

  /** Id of every container, by the name of its workload. */
  async containers(): Promise<Readonly<Record<string, string>>> {
    const all = await this.daemon.client.listContainers({ all: true });
    return Object.fromEntries(all.map(({ Labels, Id }) => [Labels["gpu-observability.workload"] ?? "", Id]));
  }

  async end(): Promise<void> {
    this.environment.removeFolder();
    rmSync(this.plugins, { recursive: true, force: true });
    if (this.host === undefined || this.host.exitCode !== null) return;
    const closed = once(this.host, "close");
    this.host.stdin?.end();
    await closed;
  }
}

/** Names of the workloads that are containers of dev here. */
export function containersOfDev(): readonly string[] {
  return plannedContainers().map(({ name }) => name);
}

function plannedContainers() {
  const dev = readEnvironment(PROJECT_ROOT, "dev");
  const off = Object.fromEntries(WITHOUT_PROGRAM.map((name) => [name, { ...dev[name], enabled: false }]));
  return planDeployables(planTopology({ ...dev, ...off }))
    .filter(({ runtime }) => runtime === "docker")
    .map(({ workload }) => workload);
}

/** Images under their official names, out of the toolchain's programs: no registry is asked. */
async function importImages(daemon: Daemon): Promise<void> {
  const names = [...new Set(plannedContainers().map(({ program }) => program))];
  const own = names.filter((name) => name !== "dcgm-simulator");
  const asked = own.flatMap((name) => ASKED_WITH[name] ?? []).filter((name) => !name.startsWith("/"));
  const { programs } = await ensureToolchain([...own, ...asked]);
  const fileOf = (name: string) => programs.get(name) ?? name;
  for (const name of own) {
    await daemon.importImage(resolveImage(name).image, [name, ...(ASKED_WITH[name] ?? [])].map(fileOf));
  }
  const simulator = planDocker(planTopology(readEnvironment(PROJECT_ROOT, "dev"))).resolveImage("dcgm-simulator");
  await daemon.importImage(simulator.image, [process.execPath]);
}

/** Boots it in the network of the Docker engine, whose loopback addresses nobody else reaches. */
async function bootHost(daemon: Daemon): Promise<{ readonly child: ChildProcess; readonly ready: ReadyHost }> {
  const { gateways } = planTopology(readEnvironment(PROJECT_ROOT, "dev"));
  const relays = gateways.map(({ reachedAt = "", ports }, index) => `${index + 1}4317=${reachedAt}:${ports.otlpGrpc}`);
  const [program = "", ...args] = [
    ...daemon.prefix,
    process.execPath,
    join(import.meta.dirname, "gpu-host-main.ts"),
    String(HOST_INDEX),
    ...relays,
  ];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.endsWith("\n")) break;
  }
  if (said === "") throw new Error("the GPU host did not boot");
  return { child, ready: JSON.parse(said) as ReadyHost };
}

/** The committed hosts, the one over ssh with its real address and key; where none boots, without it. */
function toOverrides(ready: ReadyHost | undefined): readonly string[] {
  const { hosts, gateways } = readEnvironment(PROJECT_ROOT, "dev");
  const simulated = hosts.filter(({ runtime }) => runtime === "docker");
  if (ready === undefined) return [`hosts=${JSON.stringify(simulated)}`];
  const { address, here, hostKey, mirror } = ready;
  const real = hosts.map((host) => (host.runtime === "ssh" ? { ...host, address, hostKey } : host));
  return [
    `hosts=${JSON.stringify(real)}`,
    `gateways.addresses=${JSON.stringify(gateways.addresses.map((_, index) => `${here}:${index + 1}4317`))}`,
    `ssh.mirror=${mirror}`,
    "ssh.dcgmExporter={ kind: existing }",
  ];
}
