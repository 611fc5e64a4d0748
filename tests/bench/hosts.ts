// Started by `npm run bench -- hosts`: its plugins are the tests' business, and nothing imports from them. They reach no
// host: times are those of the program, the engine and its state.
// Progress goes to standard error, the figures to standard output as one JSON object.
import { median } from "../../infra/cli/bench/bench.ts";
import { type FleetRound, measureFleet } from "./fleet-round.ts";
import type { Measured } from "./fleet.ts";

const HOSTS = (process.env["BENCH_SSH_HOSTS"] ?? "10,100,1000").split(",").map(Number);
/** Beyond this the engine's checkpoints after every step would take an hour: they are left out on both sides. */
const MOST_WITH_CHECKPOINTS = 50;
/** Runs of few hosts are short, and a busy moment of the machine is a fifth of one: the median of several is told. */
const ROUNDS = { ofFew: 3, ofMany: 1 };
const MOST_OF_FEW = 200;

const rounds: Record<string, readonly FleetRound[]> = {};
for (const hosts of HOSTS) {
  const engine = hosts > MOST_WITH_CHECKPOINTS ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {};
  const measured: FleetRound[] = [];
  for (let round = 0; round < roundsOf(hosts); round++) {
    measured.push(await measureFleet(hosts, engine, (line) => console.error(line)));
  }
  rounds[`${hosts}Hosts`] = measured;
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
    rounds: Object.fromEntries(HOSTS.map((hosts) => [`${hosts}Hosts`, roundsOf(hosts)])),
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
        [`${name}Ratio`, ratiosOf(name, ({ seconds }) => seconds)],
        [`${name}CpuRatio`, ratiosOf(name, ({ cpuSeconds }) => cpuSeconds)],
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

/** Of the two medians: a round's own ratio takes what disturbed one side for a difference. */
function ratiosOf(name: (typeof ratios)[number], figure: (run: Measured) => number): Record<string, number> {
  const [ours, bare] = [runs[name], bareOf[name]].map((run) => medians((round) => figure(run(round))));
  return mapValues(ours ?? {}, (value, hosts) => Number((value / (bare?.[hosts] ?? 0)).toFixed(2)));
}

function forEach(figure: (round: FleetRound) => number, digits: number): Record<string, number> {
  return mapValues(medians(figure), (value) => Number(value.toFixed(digits)));
}

function medians(figure: (round: FleetRound) => number): Record<string, number> {
  return mapValues(rounds, (all) => median(all.map(figure)));
}

function mapValues<From, To>(of: Readonly<Record<string, From>>, map: (value: From, key: string) => To) {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value, key)]));
}

function roundsOf(hosts: number): number {
  return hosts <= MOST_OF_FEW ? ROUNDS.ofFew : ROUNDS.ofMany;
}
