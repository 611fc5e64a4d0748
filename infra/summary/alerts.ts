import type { AlertArea } from "../../components/alerts/area.ts";
import { AREAS } from "../../components/alerts/areas.ts";
import type { AlertDefinition } from "../../components/alerts/alert.ts";
import { planAlerts } from "../../components/alerts/render.ts";
import { defaultsOf } from "../../components/alerts/threshold.ts";
import { hashOf } from "../../components/core/hash.ts";
import { planAlertSettings } from "../deploy/alerts.ts";
import { EVERYTHING } from "../environment/alerts.ts";
import type { Topology } from "../topology/topology.ts";
import type { AlertSummary, Summary } from "./model.ts";

/** Alerts of an environment and the thresholds in force. */
export function planAlertSummaries(topology: Topology): Pick<Summary, "alerts" | "disabledAlerts" | "thresholds"> {
  const settings = planAlertSettings(topology);
  const thresholds = Object.fromEntries(
    AREAS.flatMap((area) =>
      Object.entries({ ...defaultsOf(area.thresholds), ...settings.thresholds[area.name] }).map(
        ([name, value]) => [`${area.name}.${name}`, value] as const,
      ),
    ),
  );
  const conditions = Object.assign({}, ...AREAS.map(planConditions)) as Readonly<Record<string, Condition>>;
  const alerts = planAlerts(settings).map((alert) => [alert.name, toSummary(alert, conditions, thresholds)] as const);
  const names = new Set(alerts.map(([name]) => name));
  const all = planAlerts({ ...settings, disabled: [] }).map(({ name }) => name);
  return { alerts: Object.fromEntries(alerts), disabledAlerts: all.filter((name) => !names.has(name)), thresholds };
}

function toSummary(
  { name, severity, area, for: duration, keepFiringFor, team }: AlertDefinition & { readonly area: string },
  conditions: Readonly<Record<string, Condition>>,
  thresholds: Summary["thresholds"],
): AlertSummary {
  const { hash = "", uses = [] } = conditions[name] ?? {};
  return {
    severity,
    area,
    ...(duration === undefined ? {} : { for: duration }),
    ...(keepFiringFor === undefined ? {} : { keepFiringFor }),
    ...(team === undefined ? {} : { team }),
    condition: hash,
    thresholds: Object.fromEntries(uses.map((threshold) => [threshold, thresholds[threshold] ?? NaN])),
  };
}

interface Condition {
  readonly hash: string;
  /** Thresholds that decide it. */
  readonly uses: readonly string[];
}

/** What an area's alerts ask; a threshold belongs to the alerts that change with it, whatever they say of themselves. */
function planConditions(area: AlertArea): Readonly<Record<string, Condition>> {
  const defaults = defaultsOf(area.thresholds);
  const plain = hashesOf(area, defaults);
  const moved = Object.entries(defaults).map(
    ([name, value]) => [`${area.name}.${name}`, hashesOf(area, { ...defaults, [name]: value * 2 + 1 })] as const,
  );
  return Object.fromEntries(
    Object.entries(plain).map(([alert, hash]) => {
      const uses = moved.filter(([, hashes]) => hashes[alert] !== hash).map(([threshold]) => threshold);
      return [alert, { hash, uses }];
    }),
  );
}

function hashesOf(area: AlertArea, thresholds: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  const alerts = area.alerts(thresholds, EVERYTHING);
  return Object.fromEntries(alerts.map(({ name, query }) => [name, hashOf(query.text)]));
}
