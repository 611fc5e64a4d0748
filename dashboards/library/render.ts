import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DASHBOARDS } from "../../components/alerts/dashboard-uids.ts";
import type { DashboardDefinition } from "./dashboard.ts";
import { layOut } from "./layout.ts";
import { dashboardLink } from "./links.ts";
import { renderPanel } from "./render-panel.ts";
import { renderVariable } from "./render-variable.ts";

/** The dashboard as Grafana keeps it. The same definition gives the same bytes. */
export function renderDashboard(definition: DashboardDefinition): Dashboard {
  const { uid, description, tags, variables, links, from = "now-1h" } = definition;
  const built = new DashboardBuilder(DASHBOARDS[uid])
    .uid(uid)
    .description(description)
    .tags([...tags])
    .timezone("browser")
    // It is made from code: a change in the browser would be lost at the next deployment.
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from, to: "now" })
    .refresh("30s")
    .variables(variables.map(renderVariable))
    .links(links.map(dashboardLink));
  layOut(definition).forEach((placed, index) => {
    const id = index + 1;
    if ("row" in placed) built.withRow(new RowBuilder(placed.row).id(id).gridPos({ ...placed.place }));
    else built.withPanel(renderPanel(placed.panel, placed.place, id));
  });
  return JSON.parse(JSON.stringify(built.build(), withoutPlacement)) as Dashboard;
}

/** Builders hide every link in a menu, and of a data link that says nothing. */
function withoutPlacement(key: string, value: unknown): unknown {
  return key === "placement" && value === "inControlsMenu" ? undefined : value;
}
