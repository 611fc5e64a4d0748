import type { DashboardUid } from "../../components/alerts/dashboard-uids.ts";
import type { Panel } from "./panel.ts";
import type { PanelQuery } from "./panel-query.ts";
import type { Variable } from "./variables.ts";

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** One dashboard. Its title is in `components/alerts/dashboard-uids.ts`, where links find it. */
export interface DashboardDefinition {
  readonly uid: DashboardUid;
  readonly description: string;
  readonly tags: readonly string[];
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
  /** Dashboards linked at the top, with the time range and the variables kept. */
  readonly links: readonly DashboardUid[];
  /** How far back it looks when opened, such as `now-1h`. @default now-1h */
  readonly from?: string;
}

/** A query and the panel it belongs to. */
export interface LocatedQuery extends PanelQuery {
  readonly dashboard: DashboardUid;
  readonly panel: string;
}

export function panelsOf({ rows }: DashboardDefinition): readonly Panel[] {
  return rows.flatMap(({ panels }) => panels);
}

/** Every query of a dashboard. */
export function queriesOf(dashboard: DashboardDefinition): readonly LocatedQuery[] {
  return panelsOf(dashboard).flatMap(({ title, queries }) =>
    queries.map((query) => ({ ...query, dashboard: dashboard.uid, panel: title })),
  );
}
