/** What a value stands for; each has a colour and a word on the page. */
export type ConsoleState = "ok" | "notice" | "warning" | "critical" | "fatal" | "missing" | "idle" | "unknown";

/** From a value on, the state it stands for. */
export interface ConsoleStep {
  readonly from: number;
  readonly state: ConsoleState;
}

/** What single values mean. */
export type ConsoleWords = Readonly<Record<string, { readonly text: string; readonly state: ConsoleState }>>;

/** Page with panels, made from a dashboard. */
export interface ConsolePage {
  /** Uid of the dashboard, and path of the page. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly ConsoleVariable[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly ConsolePanel[] }[];
}

/** Choice at the top of a page: the values that a label has. */
export interface ConsoleVariable {
  readonly name: string;
  readonly title: string;
  /** Series whose label is read, in PromQL. */
  readonly query: string;
  readonly label: string;
  /** Whether "all" can be chosen; else the first value is. */
  readonly multi: boolean;
}

/** Kinds of panels that the page draws; dashboards have others, which it leaves out. */
export type ConsolePanelKind = "timeseries" | "stat" | "table" | "state-timeline";

export interface ConsolePanel {
  readonly title: string;
  readonly description: string;
  readonly kind: ConsolePanelKind;
  readonly queries: readonly ConsoleQuery[];
  /** Sentence in place of values while no query returns any. */
  readonly empty: string;
  /** UCUM. */
  readonly unit: string;
  readonly steps: readonly ConsoleStep[];
  readonly words?: ConsoleWords;
  /** Words for values of a table's column. */
  readonly columnWords?: Readonly<Record<string, ConsoleWords>>;
  /** Columns of a table that are left out. */
  readonly hidden?: readonly string[];
  /** Pages that a series or row leads to; labels become variables of the same name. */
  readonly links: readonly { readonly title: string; readonly to: string; readonly labels: readonly string[] }[];
  readonly min?: number;
  readonly max?: number;
  readonly stack?: boolean;
  /** Columns of 24. */
  readonly width: number;
}

export interface ConsoleQuery {
  readonly language: "promql" | "logql";
  /** With the variables of Grafana, such as `$host_name` and `$__rate_interval`. */
  readonly text: string;
  /** Name of its series, such as `{{host_name}} GPU {{gpu}}`; of a table's column. */
  readonly legend: string;
  /** UCUM. @default the panel's */
  readonly unit?: string;
  /** @default the panel's */
  readonly steps?: readonly ConsoleStep[];
  /** @default the left axis */
  readonly axis?: "right";
  /** Seconds between samples, where it is longer than a scrape's. */
  readonly intervalSeconds?: number;
}
