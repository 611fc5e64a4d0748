import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import { DASHBOARDS, type DashboardUid } from "../../components/alerts/dashboard-uids.ts";
import type { PanelKind, PanelLink } from "./panel.ts";

/** A link from a series, or from a row of a table, whose labels become variables of the other dashboard. */
export function linkOf({ title, to, labels }: PanelLink, kind: PanelKind): DashboardLinkBuilder {
  const variables = labels.map((label) => `&var-${label}=${valueOf(label, kind)}`);
  return new DashboardLinkBuilder(title).url(
    `/d/${to}?\${__url_time_range}&\${environment:queryparam}${variables.join("")}`,
  );
}

/** A link at the top of a dashboard to another, with time range and variables kept. */
export function dashboardLink(to: DashboardUid): DashboardLinkBuilder {
  return new DashboardLinkBuilder(DASHBOARDS[to])
    .type(DashboardLinkType.Link)
    .icon("dashboard")
    .url(`/d/${to}`)
    .keepTime(true)
    .includeVars(true);
}

function valueOf(label: string, kind: PanelKind): string {
  return kind === "table" ? `\${__data.fields.${label}:percentencode}` : `\${__field.labels.${label}:percentencode}`;
}
