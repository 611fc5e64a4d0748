import type { DashboardUid } from "../../components/alerts/dashboard-uids.ts";
import type { State, Step } from "./palette.ts";
import type { PanelQuery } from "./panel-query.ts";

/** How a panel draws; `traces` is a table of traces that open on click. */
export type PanelKind =
  "timeseries" | "stat" | "gauge" | "table" | "heatmap" | "state-timeline" | "logs" | "traces" | "node-graph";

/** What single values mean, and the state they stand for. */
export type Words = Readonly<Record<string, { readonly text: string; readonly state: State }>>;

/** A link from one series or row of a panel to another dashboard, set to the same host, GPU or service. */
export interface PanelLink {
  readonly title: string;
  readonly to: DashboardUid;
  /** Variables of the other dashboard that take the value of the label of the same name. */
  readonly labels: readonly string[];
}

/** One panel, without anything of Grafana's format. */
export interface Panel {
  /** Unique in its dashboard: the panel's name in reports of the live check. */
  readonly title: string;
  /** What it shows, and what to conclude from it. */
  readonly description: string;
  readonly kind: PanelKind;
  readonly queries: readonly PanelQuery[];
  /** Shown in place of values while no query returns any; says whether that is good or bad. */
  readonly empty: string;
  /** UCUM unit. @default the unit of the one signal it reads; a panel over several must say it */
  readonly unit?: string;
  /** Where a value starts to be bad: numbers of the alerts, never numbers of its own. */
  readonly steps?: readonly Step[];
  /** Words for single values. */
  readonly words?: Words;
  /** Words for single values of a table's column. */
  readonly columnWords?: Readonly<Record<string, Words>>;
  /** States of series by name. */
  readonly series?: Readonly<Record<string, State>>;
  readonly links?: readonly PanelLink[];
  /** Columns of 24. @default 12, of a stat or gauge 4, of tables, logs, traces and graphs 24 */
  readonly width?: 3 | 4 | 6 | 8 | 12 | 16 | 18 | 24;
  /** Grid units of 30 pixels. @default 8, of a stat or gauge 4 */
  readonly height?: number;
  readonly min?: number;
  readonly max?: number;
  /** Draws series on top of each other. @default false */
  readonly stack?: boolean;
  /** Columns of a table to leave out. */
  readonly hidden?: readonly string[];
}
