import { renderInhibitions } from "../../components/alertmanager/inhibitions.ts";
import { AREAS } from "../../components/alerts/areas.ts";
import type { PlannedAlert } from "../../components/alerts/render.ts";
import { listSources, type RunbookContext, type RunbookKnob } from "../../components/alerts/runbook.ts";
import type { SignalSource } from "../../components/signals/signal.ts";
import type { AlertSettings } from "../../components/alerts/render.ts";
import type { EnvironmentName } from "../environment/schema.ts";
import { type Deployed, restartCommand } from "./restart.ts";

/** Services behind what an alert reads, the likeliest first; none where an application or nobody is to be restarted. */
const SERVICES: Readonly<Partial<Record<SignalSource, readonly string[]>>> = {
  "dcgm-exporter": ["dcgm-exporter", "agent"],
  "node-exporter": ["node-exporter", "agent"],
  hostmetrics: ["agent"],
  "kernel-log": ["agent"],
  collector: ["gateway", "agent"],
  prometheus: ["prometheus"],
  alertmanager: ["alertmanager"],
  tempo: ["tempo"],
  loki: ["loki"],
  jaeger: ["jaeger"],
  greptimedb: ["greptimedb"],
};

const SICK_GPU = { title: "What to do about a sick GPU", path: "../gpu-faults.md" };
const WORKFLOWS = { title: "Workflows whose traces are missing or broken", path: "../troubleshooting-workflows.md" };
const GATEWAYS = { title: "Gateways and GreptimeDB", path: "../troubleshooting-satellite.md" };

/** Pages that say more, by area. */
const PAGES: Readonly<Record<string, RunbookContext["pages"]>> = {
  gpu: [SICK_GPU],
  telemetry: [GATEWAYS],
  backends: [GATEWAYS],
  workloads: [WORKFLOWS],
  serviceLevels: [WORKFLOWS],
};

/** What every page needs to know of the environments. */
export interface Known {
  readonly deployed: readonly Deployed[];
  readonly settings: Readonly<Record<EnvironmentName, AlertSettings>>;
}

export function contextOf(alert: PlannedAlert, environment: EnvironmentName, known: Known): RunbookContext {
  const services = [...new Set(listSources(alert.query.signals).flatMap((source) => SERVICES[source] ?? []))];
  return {
    environment,
    knobs: (alert.knobs ?? []).flatMap((key) => toKnob(key, known)),
    restarts: services.map((service) => ({ service, commands: commandsOf(service, known) })),
    pages: [
      ...(alert.name.includes("Xid") ? [{ title: "Xid codes", path: "../xid.md" }] : []),
      ...(PAGES[alert.area] ?? []),
    ],
    inhibitions: describeInhibitions(alert),
  };
}

/** A threshold of an area; any other key of the environment is explained by the schema. */
function toKnob(key: string, { settings }: Known): readonly RunbookKnob[] {
  const [, area = "", name = ""] = key.split(".");
  const threshold = AREAS.find((one) => one.name === area)?.thresholds[name];
  if (threshold === undefined) {
    return [{ key, default: "", unit: "", meaning: "See `stacks/environment.schema.json`.", elsewhere: "" }];
  }
  const set = Object.entries(settings).flatMap(([environment, { thresholds }]) => {
    const value = thresholds[area]?.[name];
    return value === undefined || value === threshold.default ? [] : [`${environment}: ${value}`];
  });
  const { default: value, unit, meaning } = threshold;
  return [{ key, default: String(value), unit, meaning, elsewhere: set.join(", ") }];
}

/** One command by runtime, of the first such workload there is: the page of restarts has all of them. */
function commandsOf(service: string, { deployed }: Known): RunbookContext["restarts"][number]["commands"] {
  const first = new Map<string, Deployed>();
  for (const one of deployed.filter(({ workload }) => workload.service === service)) {
    if (!first.has(one.runtime)) first.set(one.runtime, one);
  }
  return [...first.values()].map((one) => ({ runtime: one.runtime, command: restartCommand(one) }));
}

/** Alertmanager's rules that an alert is part of, in words. */
function describeInhibitions({ name, severity }: PlannedAlert): readonly string[] {
  return renderInhibitions().flatMap(({ source_matchers: source, target_matchers: target, equal }) => {
    const within = `with the same ${equal.join(", ")}`;
    const isTarget = fits(target, { alertname: name, severity });
    const isSource = fits(source, { alertname: name, severity });
    // Both sides by severity alone: an alert has one severity, so it needs a namesake to be silenced by.
    if (source.some((matcher) => matcher.startsWith("severity="))) return [];
    return [
      ...(isTarget ? [`not told while ${toText(source)} fires ${within}`] : []),
      ...(isSource ? [`while it fires, ${toText(target)} ${within} is not told`] : []),
    ];
  });
}

function toText(matchers: readonly string[]): string {
  // That a label must be there says nothing to a reader.
  const telling = matchers.filter((matcher) => !matcher.endsWith('=~".+"'));
  return telling.map((matcher) => `\`${matcher}\``).join(" and ");
}

/** Whether matchers fit the labels that are known; any other label may have any value. */
function fits(matchers: readonly string[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every((matcher) => {
    const [, label = "", operator = "", pattern = ""] = /^(\w+)(=~|!=|=)"(.*)"$/.exec(matcher) ?? [];
    const value = labels[label];
    if (value === undefined) return true;
    if (operator === "=~") return new RegExp(`^(?:${pattern})$`).test(value);
    return (value === pattern) === (operator === "=");
  });
}
