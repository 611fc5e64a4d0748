import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Rollout, WaveHost } from "../../infra/inventory/plan-waves.ts";
import { EngineProject } from "../engine/engine-project.ts";
import { PretendHosts } from "./pretend-hosts.ts";
import type { WavesFleet } from "./waves-program.ts";

export const NAMES = ["gpu-1", "gpu-2", "gpu-3", "gpu-4", "gpu-5", "gpu-6"] as const;
/** gpu-2 first, then gpu-1 and gpu-3, then the others. */
const ROLLOUT: Rollout = { canaries: ["canary"], waves: [40, 100] };

/** What of a fleet is not as usual. */
export interface FleetChange {
  /** Hosts in their order. @default all of {@link NAMES} */
  readonly names?: readonly string[];
  /** @default all active */
  readonly states?: Readonly<Partial<Record<string, WaveHost["state"]>>>;
  readonly rollout?: Rollout;
  /** Hosts whose machine is reached under another name. */
  readonly moved?: readonly string[];
}

/** Six pretended hosts and a program that installs them in waves, run by the real engine. */
export class WavesProject {
  readonly bundleFolder: string;
  readonly fleet: PretendHosts;
  readonly project: EngineProject;
  private readonly folder: string;

  private constructor(folder: string, fleet: PretendHosts, project: EngineProject) {
    this.folder = folder;
    this.bundleFolder = join(folder, "bundles");
    this.fleet = fleet;
    this.project = project;
  }

  static async start(): Promise<WavesProject> {
    const folder = mkdtempSync(join(tmpdir(), "gpu-observability-waves-"));
    const fleet = await PretendHosts.start();
    // As `up` runs it where there are ssh hosts.
    const env = { FLEET_FILE: join(folder, "fleet.json"), PULUMI_CONTINUE_ON_ERROR: "true" };
    const project = await EngineProject.create({ program: "../../hosts/waves-program.ts", env });
    return new WavesProject(folder, fleet, project);
  }

  /** All is well with every host, and nobody was reached yet. */
  heal(): void {
    this.fleet.broken.clear();
    this.fleet.down.clear();
    this.fleet.reached.length = 0;
    this.fleet.sent.length = 0;
  }

  /** What the next run finds; another `environment` is another version. */
  describe(environment: string, { names = NAMES, states = {}, rollout = ROLLOUT, moved = [] }: FleetChange = {}): void {
    const { port, hostKey, privateKey } = this.fleet;
    const description: WavesFleet = {
      bundleFolder: this.bundleFolder,
      port,
      hostKey,
      privateKey,
      environment,
      hosts: names.map((name) => ({
        name,
        groups: name === "gpu-2" ? ["canary"] : [],
        state: states[name] ?? "active",
        address: moved.includes(name) ? "localhost" : "127.0.0.1",
      })),
      rollout,
    };
    writeFileSync(join(this.folder, "fleet.json"), JSON.stringify(description), { mode: 0o600 });
  }

  /** Version of each host, in the order of their names. */
  versions(): readonly (string | undefined)[] {
    return NAMES.map((name) => this.fleet.versions.get(name));
  }

  end(): void {
    this.project.remove();
    this.fleet.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
