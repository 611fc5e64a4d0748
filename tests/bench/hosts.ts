// Started by `npm run bench -- hosts`: its plugins are the tests' business, and nothing imports from them. They reach no
// host: times are those of the program, the engine and its state.
// Progress goes to standard error, the figures to standard output as one JSON object.
import { type FleetRound, measureFleet } from "./fleet-round.ts";
import type { Measured } from "./fleet.ts";

const HOSTS = (process.env["BENCH_SSH_HOSTS"] ?? "10,100,1000").split(",").map(Number);
/** Beyond this the engine's checkpoints after every step would take an hour: they are left out on both sides. */
const MOST_WITH_CHECKPOINTS = 50;

const rounds: Record<string, FleetRound> = {};
for (const hosts of HOSTS) {
  const engine = hosts > MOST_WITH_CHECKPOINTS ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {};
  rounds[`${hosts}Hosts`] = await measureFleet(hosts, engine, (line) => console.error(line));
}

const runs = {
  preview: ({ fleet }: FleetRound) => fleet.preview,
  up: ({ fleet }: FleetRound) => fleet.up,
  unchangedPreview: ({ fleet }: FleetRound) => fleet.unchangedPreview,
  unchangedUp: ({ fleet }: FleetRound) => fleet.unchangedUp,
  oneChangedPreview: ({ oneChanged }: FleetRound) => oneChanged.preview,
  oneChangedUp: ({ oneChanged }: FleetRound) => oneChanged.up,
  barePreview: ({ bare }: FleetRound) => bare.preview,
  bareUp: ({ bare }: FleetRound) => bare.up,
  bareUnchangedPreview: ({ bare }: FleetRound) => bare.unchangedPreview,
  bareUnchangedUp: ({ bare }: FleetRound) => bare.unchangedUp,
  unjudgedBarePreview: ({ bare }: FleetRound) => bare.unjudgedPreview,
};
const ratios = ["preview", "up", "unchangedPreview", "unchangedUp"] as const;
const bareOf = {
  preview: runs.barePreview,
  up: runs.bareUp,
  unchangedPreview: runs.bareUnchangedPreview,
  unchangedUp: runs.bareUnchangedUp,
};

console.log(
  JSON.stringify({
    checkpoints: Object.fromEntries(HOSTS.map((hosts) => [`${hosts}Hosts`, hosts > MOST_WITH_CHECKPOINTS ? 0 : 1])),
    resources: forEach(({ resources }) => resources, 0),
    resourcesPerHost: forEach(({ resourcesPerHost }) => resourcesPerHost, 1),
    commandResourcesPerHost: forEach(({ commandsPerHost }) => commandsPerHost, 1),
    stateKiB: forEach(({ stateKiB }) => stateKiB, 0),
    bareStateKiB: forEach(({ bare }) => bare.stateKiB, 0),
    ...figuresOf("Seconds", ({ seconds }) => seconds, 1),
    ...figuresOf("CpuSeconds", ({ cpuSeconds }) => cpuSeconds, 1),
    ...figuresOf("PolicyPackCpuSeconds", ({ cpuSecondsOf }) => cpuSecondsOf.policyPack, 1),
    ...figuresOf("ProgramMiB", ({ peakMiB }) => peakMiB.program, 0),
    ...figuresOf("EngineMiB", ({ peakMiB }) => peakMiB.engine, 0),
    ...figuresOf("PolicyPackMiB", ({ peakMiB }) => peakMiB.policyPack, 0),
    ...Object.fromEntries(
      ratios.flatMap((name) => [
        [`${name}Ratio`, forEach((round) => runs[name](round).seconds / bareOf[name](round).seconds, 2)],
        [`${name}CpuRatio`, forEach((round) => runs[name](round).cpuSeconds / bareOf[name](round).cpuSeconds, 2)],
      ]),
    ),
  }),
);

/** A figure of every run, by the run's name and the unit. */
function figuresOf(unit: string, figure: (run: Measured) => number, digits: number) {
  const named = Object.entries(runs).map(
    ([name, run]) => [`${name}${unit}`, forEach((round) => figure(run(round)), digits)] as const,
  );
  return Object.fromEntries(named);
}

function forEach(figure: (round: FleetRound) => number, digits: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(rounds).map(([name, round]) => [name, Number(figure(round).toFixed(digits))]),
  );
}
