import type { ConsolePanel, ConsoleStep, ConsoleWords } from "./definition.ts";

/** A page with its data, as the server gives it to the browser. */
export interface PageAnswer {
  readonly environment: string;
  readonly variables: readonly VariableAnswer[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelAnswer[] }[];
  /** Sentences about backends that do not answer; each names one. */
  readonly problems: readonly string[];
}

export interface VariableAnswer {
  readonly name: string;
  readonly title: string;
  readonly multi: boolean;
  readonly values: readonly string[];
  /** Empty stands for all. */
  readonly chosen: readonly string[];
}

export interface PanelAnswer extends Pick<
  ConsolePanel,
  "title" | "description" | "kind" | "empty" | "unit" | "steps" | "words" | "links" | "min" | "max" | "stack" | "width"
> {
  readonly data: PanelData;
}

export type PanelData = FailedData | SeriesData | ValuesData | TableData;

export interface FailedData {
  readonly kind: "failed";
  /** Sentence that names the backend. */
  readonly why: string;
}

/** Series over one row of times. */
export interface SeriesData {
  readonly kind: "series";
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** UCUM, where it is not the panel's. */
  readonly unit?: string;
  readonly axis?: "right";
  /** Null where there is no sample. */
  readonly values: readonly (number | null)[];
}

/** The present value of each series. */
export interface ValuesData {
  readonly kind: "values";
  readonly values: readonly Value[];
}

export interface Value {
  readonly name: string;
  readonly value: number | null;
  readonly unit?: string;
  readonly steps?: readonly ConsoleStep[];
}

/** One row per set of labels. */
export interface TableData {
  readonly kind: "table";
  readonly columns: readonly Column[];
  /** A cell per column: text of a label, or a number, or null where a query has no value for the row. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface Column {
  readonly name: string;
  /** Label of Prometheus, or the value of a query. */
  readonly of: "label" | "value";
  readonly unit?: string;
  readonly steps?: readonly ConsoleStep[];
  readonly words?: ConsoleWords;
}

/** Alerts that fire. */
export interface AlertsAnswer {
  readonly alerts: readonly AlertAnswer[];
  readonly problems: readonly string[];
}

export interface AlertAnswer {
  readonly name: string;
  readonly severity: string;
  readonly summary: string;
  /** Labels that say what it is about: `host_name=gpu-1 gpu=3`. */
  readonly about: string;
  /** RFC 3339. */
  readonly since: string;
  /** Address of its runbook page, else the page's path in the repository. */
  readonly runbook: string;
}
