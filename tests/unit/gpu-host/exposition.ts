import { parseCounters } from "../../../components/gpu-host/simulator/counters-file.ts";
import { toExposition } from "../../../components/gpu-host/simulator/exposition.ts";
import { toKernelLine } from "../../../components/gpu-host/simulator/kernel-line.ts";
import { parseEvent, parseScenario, type ScenarioInput } from "../../../components/gpu-host/simulator/scenario.ts";
import { Simulation } from "../../../components/gpu-host/simulator/simulation.ts";
import { toCountersCsv } from "../../../components/gpu-host/render-counters.ts";
import { toYaml } from "../../../components/core/yaml.ts";

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly help: string;
  readonly type: string;
  readonly series: readonly Series[];
}

/** A strict reader of the text exposition: HELP, TYPE, then that family's series; anything else is an error. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { help: string; type: string; series: Series[] }>();
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  let current = "";
  for (const line of text.trimEnd().split("\n")) {
    const help = /^# HELP (\w+) (.+)$/.exec(line);
    const type = /^# TYPE (\w+) (gauge|counter)$/.exec(line);
    const series = /^(\w+)\{(.*)\} (-?[\d.]+)$/.exec(line);
    if (help !== null) {
      current = help[1] ?? "";
      if (families.has(current)) throw new Error(`${current} twice`);
      families.set(current, { help: help[2] ?? "", type: "", series: [] });
    } else if (type !== null && type[1] === current) {
      (families.get(current) as { type: string }).type = type[2] ?? "";
    } else if (series !== null && series[1] === current) {
      families
        .get(current)
        ?.series.push({ name: current, labels: parseLabels(series[2] ?? ""), value: Number(series[3]) });
    } else throw new Error(`not an exposition line: ${line}`);
  }
  return families;
}

function parseLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
  if (pairs.map(([whole]) => whole).join("") !== text) throw new Error(`not labels: ${text}`);
  return Object.fromEntries(pairs.map(([, name, value]) => [name, value])) as Record<string, string>;
}

/** Midnight, so that times in expectations are easy to read. */
export const START_MS = Date.UTC(2026, 2, 4);

/** A simulated host with a clock of its own. */
export function simulate(input: ScenarioInput, options: { hostname?: string; csv?: string } = {}) {
  const { hostname = "gpu-1", csv = toCountersCsv() } = options;
  const lines: string[] = [];
  const simulation = new Simulation({
    hostname,
    scenario: parseScenario(toYaml(input), "scenario.yaml"),
    startMs: START_MS,
    sampleMs: 15_000,
    print: (message) => lines.push(toKernelLine(message, hostname, "traditional")),
  });
  const rows = parseCounters(csv, "counters.csv");
  const text = () => toExposition(simulation, rows);
  const read = (field: string, gpu: number, labels: Record<string, string> = {}) =>
    (parseExposition(text()).get(field)?.series ?? []).filter(
      (series) =>
        series.labels["gpu"] === String(gpu) &&
        Object.entries(labels).every(([name, value]) => series.labels[name] === value),
    );
  return {
    simulation,
    lines,
    text,
    read,
    value: (field: string, gpu: number, labels?: Record<string, string>) => read(field, gpu, labels)[0]?.value,
    /** As POST /events does. */
    inject: (event: object) => simulation.inject(parseEvent(event, simulation.fleet.length)),
    runTo: (seconds: number) => simulation.advance(START_MS + seconds * 1000),
    driverLines: () => lines.filter((line) => line.includes("NVRM")),
  };
}
