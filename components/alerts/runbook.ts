import type { RecordingRule } from "../signals/recording.ts";
import type { SignalDefinition } from "../signals/signal.ts";
import { DASHBOARDS } from "./dashboard-uids.ts";
import type { PlannedAlert } from "./render.ts";

/** One number an alert uses, and where it can be set. */
export interface RunbookKnob {
  /** Key in the environment: `alerts.gpu.temperature`. */
  readonly key: string;
  readonly default: string;
  readonly unit: string;
  readonly meaning: string;
  /** Environments that set another value, in words; empty when none does. */
  readonly elsewhere: string;
}

/** What a page says beside the alert's own fields. */
export interface RunbookContext {
  readonly knobs: readonly RunbookKnob[];
  /** Programs to look at or start anew, each with its commands by runtime. */
  readonly restarts: readonly { readonly service: string; readonly commands: readonly RunbookCommand[] }[];
  /** What keeps it from being told, and what it keeps from being told. */
  readonly inhibitions: readonly string[];
  /** Pages beside it that say more: title and path from its own folder. */
  readonly pages: readonly { readonly title: string; readonly path: string }[];
  /** Whose rule is printed: the environment of its numbers. */
  readonly environment: string;
}

export interface RunbookCommand {
  /** `process`, `docker`, `kubernetes` or `ssh`. */
  readonly runtime: string;
  readonly command: string;
}

/** The page of one alert, in Markdown. */
export function renderRunbook(alert: PlannedAlert, context: RunbookContext): string {
  const { name, meaning, impact, actions, requirements = [] } = alert;
  return `${[
    `# ${name}`,
    toHeader(alert),
    meaning,
    `**Impact.** ${impact}`,
    "## First actions",
    actions.map((action, index) => `${index + 1}. ${action}`).join("\n"),
    "## Condition",
    ...toCondition(alert, context),
    ...(context.knobs.length === 0 ? [] : ["## Knobs", toKnobs(context.knobs)]),
    "## Look at",
    toLinks(alert, context),
    ...toRestarts(context),
    ...(context.inhibitions.length === 0
      ? []
      : ["## Silence", context.inhibitions.map((line) => `- ${line}`).join("\n")]),
    ...(requirements.length === 0 ? [] : [`Requirements: ${requirements.join(", ")}.`]),
  ].join("\n\n")}\n`;
}

function toHeader({ severity, area, team }: PlannedAlert): string {
  const parts = [
    `severity **${severity}**`,
    `area ${area}`,
    ...(team === undefined ? [] : [`team ${team}`]),
    `made from \`components/alerts/${toFolder(area)}\` by \`npm run render\`: change it there`,
  ];
  return `> ${parts.join(" · ")}`;
}

/** Folder of an area: its name in kebab-case. */
function toFolder(area: string): string {
  return area.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function toCondition({ query, for: duration, keepFiringFor }: PlannedAlert, { environment }: RunbookContext) {
  const held = duration === undefined ? "It fires at once" : `It fires when this has held for ${duration}`;
  const kept = keepFiringFor === undefined ? "" : `, and goes on for ${keepFiringFor} after it is gone`;
  return [
    `${held}${kept}. As \`${environment}\` evaluates it:`,
    `\`\`\`promql\n${query.text}\n\`\`\``,
    ...(query.signals.length === 0 ? [] : [toSignals(query.signals)]),
  ];
}

function toSignals(signals: readonly SignalDefinition[]): string {
  const series = table(
    ["series", "unit", "from", "what it tells"],
    signals.map(({ prometheusName, unit, source, help }) => [`\`${prometheusName}\``, unit, source, help]),
  );
  const computed = signals
    .filter(isRecorded)
    .map(
      ({ prometheusName, query }) => `\`${prometheusName}\` is recorded from\n\n\`\`\`promql\n${query.text}\n\`\`\``,
    );
  return [series, ...computed].join("\n\n");
}

function isRecorded(signal: SignalDefinition): signal is RecordingRule {
  return "query" in signal;
}

function toKnobs(knobs: readonly RunbookKnob[]): string {
  return table(
    ["key in `stacks/Pulumi.<stack>.yaml`", "default", "unit", "meaning", "set elsewhere"],
    knobs.map((knob) => [`\`${knob.key}\``, knob.default, knob.unit, knob.meaning, knob.elsewhere]),
  );
}

function toLinks({ dashboard, logs, query }: PlannedAlert, { pages }: RunbookContext): string {
  const sources = new Set(listSources(query.signals));
  const ofHost = ["dcgm-exporter", "node-exporter", "hostmetrics", "kernel-log"] as const;
  const onHost = ofHost.some((source) => sources.has(source));
  const ofService = sources.has("span-metrics") || sources.has("service-graph") || sources.has("application");
  return [
    `- dashboard: [${DASHBOARDS[dashboard]}](/d/${dashboard}), on the environment's Grafana; the notification links to it with host and GPU set`,
    ...(logs === undefined ? [] : [`- logs, in Loki: \`${logs.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, "<$1>")}\``]),
    ...(ofService
      ? ['- traces, in Tempo: `{ resource.service.name = "<service_name>" && status = error }`']
      : onHost
        ? ['- traces of the host\'s applications, in Tempo: `{ resource.host.name = "<host_name>" }`']
        : []),
    ...pages.map(({ title, path }) => `- page: [${title}](${path})`),
  ].join("\n");
}

/** Who measures what an alert reads, recording rules followed to what they are computed from. */
export function listSources(signals: readonly SignalDefinition[]): readonly SignalDefinition["source"][] {
  const sources = signals.flatMap((signal) =>
    isRecorded(signal) ? listSources(signal.query.signals) : [signal.source],
  );
  return [...new Set(sources)];
}

function toRestarts({ restarts }: RunbookContext): readonly string[] {
  if (restarts.length === 0) return [];
  const rows = restarts.flatMap(({ service, commands }) =>
    commands.map(({ runtime, command }) => [service, runtime, `\`${command}\``]),
  );
  return [
    "## Start anew",
    "Only once the logs of the program say that this helps; what waits in its queue on disk is kept. All names are in [restart.md](../restart.md).",
    table(["program", "runtime", "command"], rows),
  ];
}

/** A Markdown table; a pipe inside a cell does not end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
