/** A number the documents leave open: an operator may set it in the environment. */
export interface Threshold {
  readonly default: number;
  /** UCUM unit. */
  readonly unit: string;
  /** What happens past it, and why this default. */
  readonly meaning: string;
}

/** Thresholds of one area by name. */
export type ThresholdTable = Readonly<Record<string, Threshold>>;
/** The numbers in force. */
export type ThresholdValues<Table extends ThresholdTable = ThresholdTable> = {
  readonly [Name in keyof Table]: number;
};

export function threshold(value: number, unit: string, meaning: string): Threshold {
  return { default: value, unit, meaning };
}

/** The values of a table with nothing set. */
export function defaultsOf<Table extends ThresholdTable>(table: Table): ThresholdValues<Table> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { default: value }]) => [name, value]),
  ) as ThresholdValues<Table>;
}
