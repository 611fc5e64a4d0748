import { compatibilityRecordings } from "../signals/compatibility.ts";
import type { RecordingRule } from "../signals/recording.ts";
import type { AlertDefinition } from "./alert.ts";
import { AREAS } from "./areas.ts";
import type { AlertArea, Inventory } from "./area.ts";
import { type AlertLinks, planLinks } from "./links.ts";
import { defaultsOf, type ThresholdValues } from "./threshold.ts";

export interface AlertSettings {
  readonly inventory: Inventory;
  readonly links: AlertLinks;
  /** Thresholds other than the defaults, by area and name. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Areas or alerts by name that do not apply here. */
  readonly disabled: readonly string[];
  /** Whether dcgm-exporter's own names stay alive (S0-49). @default false */
  readonly compatibility?: boolean;
}

/** An alert and the area it belongs to. */
export interface PlannedAlert extends AlertDefinition {
  readonly area: string;
}

/** A Prometheus rule file. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly object[] }[];
}

/** Every alert of an environment. */
export function planAlerts(settings: AlertSettings): readonly PlannedAlert[] {
  const { disabled, inventory } = settings;
  return AREAS.filter(({ name }) => !disabled.includes(name)).flatMap((area) =>
    area
      .alerts(thresholdsOf(area, settings), inventory)
      .filter(({ name }) => !disabled.includes(name))
      .map((alert) => ({ ...alert, area: area.name })),
  );
}

/** The rule files, one per area: `rules/gpu.yml` and so on. */
export function renderRuleFiles(settings: AlertSettings): Readonly<Record<string, RuleFile>> {
  const alerts = planAlerts(settings);
  const files = AREAS.map((area) => {
    const recordings = area.recordings(settings.inventory).map(renderRecording);
    const rules = alerts.filter((alert) => alert.area === area.name).map((alert) => renderAlert(alert, settings.links));
    const groups = [
      { name: `${area.name}.records`, rules: recordings },
      { name: area.name, rules },
    ].filter((group) => group.rules.length > 0);
    return [`rules/${area.name}.yml`, { groups }] as const;
  });
  const old = { name: "compatibility", rules: compatibilityRecordings().map(renderRecording) };
  return {
    ...Object.fromEntries(files.filter(([, { groups }]) => groups.length > 0)),
    ...(settings.compatibility === true ? { "rules/compatibility.yml": { groups: [old] } } : {}),
  };
}

function renderRecording({ name, query, staticLabels }: RecordingRule): object {
  return { record: name, expr: query.text, ...(staticLabels === undefined ? {} : { labels: staticLabels }) };
}

function thresholdsOf(area: AlertArea, { thresholds }: AlertSettings): ThresholdValues {
  return { ...defaultsOf(area.thresholds), ...thresholds[area.name] };
}

function renderAlert(alert: PlannedAlert, links: AlertLinks): object {
  const { name, query, for: duration, keepFiringFor, severity, area, team, summary, meaning, impact } = alert;
  return {
    alert: name,
    expr: query.text,
    ...(duration === undefined ? {} : { for: duration }),
    ...(keepFiringFor === undefined ? {} : { keep_firing_for: keepFiringFor }),
    labels: { severity, area, ...(team === undefined ? {} : { team }) },
    annotations: {
      summary,
      description: `${meaning} ${impact}`,
      ...planLinks(alert, links),
    },
  };
}
