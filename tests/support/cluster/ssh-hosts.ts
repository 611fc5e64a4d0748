import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import type { EnvironmentName } from "../../../infra/environment/schema.ts";
import { bootGpuHost } from "../../engine/gpu-host.ts";
import { newKey } from "../../engine/ssh-host.ts";
import { type Answer, findObstacle, RealHost } from "../../hosts/real-host.ts";

/** Their place among hosts booted at the same time. */
const FIRST_INDEX = 30;

/** The hosts a stack file reaches over ssh, as machines with systemd and sshd of their own. */
export class SshHosts {
  /** What the stack is told otherwise than its file says: addresses, host keys, and where programs come from. */
  readonly overrides: readonly string[];
  /** The one key that logs in to all of them. */
  readonly privateKey: string;
  private readonly hosts: readonly RealHost[];

  private constructor(hosts: readonly RealHost[], overrides: readonly string[], privateKey: string) {
    this.hosts = hosts;
    this.overrides = overrides;
    this.privateKey = privateKey;
  }

  /** Why none can be booted here; nothing where they can. */
  static obstacle = findObstacle;

  static async boot(stack: EnvironmentName): Promise<SshHosts> {
    const { hosts: described } = readEnvironment(PROJECT_ROOT, stack);
    const { privateKey, publicKey } = newKey();
    const overSsh = described.filter(({ runtime }) => runtime === "ssh");
    const hosts = overSsh.map((_, index) => new RealHost(FIRST_INDEX + index));
    const ready = await Promise.all(hosts.map(bootGpuHost));
    for (const host of hosts) {
      const { status, stderr } = await host.ssh("cat >> /root/.ssh/authorized_keys", `${publicKey}\n`);
      if (status !== 0) throw new Error(`${host.name}: ${stderr}`);
    }
    const real = described.map((host) => {
      const at = ready[overSsh.indexOf(host)];
      return at === undefined ? host : { ...host, address: at.address, hostKey: at.hostKey };
    });
    const overrides = [
      `hosts=${JSON.stringify(real)}`,
      `ssh.mirror=${ready[0]?.mirror}`,
      "ssh.dcgmExporter={ kind: existing }",
    ];
    return new SshHosts(hosts, overrides, privateKey);
  }

  /** Runs a command on each. */
  run(command: string): Promise<readonly Answer[]> {
    return Promise.all(this.hosts.map((host) => host.ssh(command)));
  }

  async end(): Promise<void> {
    for (const host of this.hosts) await host.end();
  }
}
