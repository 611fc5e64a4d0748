import { BareCommands } from "./bare-commands.ts";
import { Fleet, type Measured, Workplace } from "./fleet.ts";

/** What dev came to with so many hosts over ssh, beside the same resources bare. */
export interface FleetRound {
  /** Resources in the engine's state, components and providers too. */
  readonly resources: number;
  /** Of those, what hosts bring, by their number: all kinds, and those of the `command` plugin alone. */
  readonly resourcesPerHost: number;
  readonly commandsPerHost: number;
  readonly stateKiB: number;
  readonly fleet: Runs;
  /** One host of them differs from what is installed. */
  readonly oneChanged: Pick<Runs, "preview" | "up">;
  readonly bare: Runs & {
    readonly stateKiB: number;
    /** Of nothing changed, without the policy pack: what judging costs is the difference to `unchangedPreview`. */
    readonly unjudgedPreview: Measured;
  };
}

interface Runs {
  /** Of what does not exist yet. */
  readonly preview: Measured;
  readonly up: Measured;
  readonly unchangedPreview: Measured;
  readonly unchangedUp: Measured;
}

/** What hosts bring: what reaches them, and the sets of their agents' certificates. */
const OF_HOSTS = /^command:|:CertificateSet$/;

/** @param engine - variables of the engine, such as `PULUMI_SKIP_CHECKPOINTS` */
export async function measureFleet(
  hosts: number,
  engine: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<FleetRound> {
  const place = new Workplace(engine);
  const told = async (what: string, run: Promise<Measured>) => {
    const measured = await run;
    const { seconds, cpuSeconds, cpuSecondsOf } = measured;
    const parts = Object.entries(cpuSecondsOf).map(([part, cpu]) => `${part} ${cpu.toFixed(1)}`);
    say(`${hosts} hosts: ${what}: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU (${parts.join(", ")})`);
    return measured;
  };
  try {
    const fleet = await Fleet.create(place, hosts);
    const runs = await runAll(fleet, told);
    const { bytes, types } = fleet.state();
    const oneChanged = {
      preview: await told("preview, one changed", fleet.run("preview", hosts - 1)),
      up: await told("up, one changed", fleet.run("up", hosts - 1)),
    };
    const bare = await BareCommands.create(place, await fleet.export());
    const bareRuns = await runAll(bare, (what, run) => told(`bare ${what}`, run));
    const unjudgedPreview = await told("bare preview, unchanged, unjudged", bare.previewUnjudged());
    const ofHosts = types.filter((type) => OF_HOSTS.test(type)).length;
    const commands = types.filter((type) => type.startsWith("command:")).length;
    return {
      resources: types.length,
      resourcesPerHost: ofHosts / hosts,
      commandsPerHost: commands / hosts,
      stateKiB: bytes / 1024,
      fleet: runs,
      oneChanged,
      bare: { ...bareRuns, unjudgedPreview, stateKiB: bare.state().bytes / 1024 },
    };
  } finally {
    place.remove();
  }
}

async function runAll(
  stack: { run(command: "preview" | "up"): Promise<Measured> },
  told: (what: string, run: Promise<Measured>) => Promise<Measured>,
): Promise<Runs> {
  return {
    preview: await told("preview", stack.run("preview")),
    up: await told("up", stack.run("up")),
    unchangedPreview: await told("preview, unchanged", stack.run("preview")),
    unchangedUp: await told("up, unchanged", stack.run("up")),
  };
}
