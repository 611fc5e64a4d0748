import type { Inventory } from "../../../components/alerts/area.ts";
import { planDashboards } from "../../../dashboards/catalogue.ts";
import { type DashboardDefinition, panelsOf, queriesOf } from "../../../dashboards/library/dashboard.ts";
import { numbersOf } from "../../../dashboards/library/numbers.ts";
import { renderDashboard } from "../../../dashboards/library/render.ts";

/** An environment with one host by name and one pool. */
export const INVENTORY: Inventory = {
  hosts: [
    { name: "host-a", gpus: 8, pool: false },
    { name: "nodes", gpus: 4, pool: true },
  ],
  gateways: 2,
  prometheus: 2,
  alertmanagers: 2,
  backends: ["tempo", "loki", "jaeger", "greptimedb", "grafana"],
  memoryMiB: { gateway: 512, agent: 512 },
};

export const DEFINITIONS: readonly DashboardDefinition[] = planDashboards(numbersOf(INVENTORY));
export const RENDERED = DEFINITIONS.map((definition) => ({ definition, model: renderDashboard(definition) }));
export const PANELS = DEFINITIONS.flatMap((definition) =>
  panelsOf(definition).map((panel) => ({ name: `${definition.uid}: ${panel.title}`, definition, panel })),
);
export const QUERIES = DEFINITIONS.flatMap(queriesOf);
