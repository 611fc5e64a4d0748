import {
  type DynamicConfigValue,
  MappingType,
  type MatcherConfig,
  type Threshold,
  ThresholdsMode,
  type ValueMap,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { STATE_COLOURS, type Step } from "./palette.ts";
import type { Panel, Words } from "./panel.ts";
import { refIdOf } from "./render-query.ts";
import { toGrafanaUnit } from "./units.ts";

/** Settings of some of a panel's series or columns. */
export interface Override {
  readonly matcher: MatcherConfig;
  readonly properties: readonly DynamicConfigValue[];
}

/** A table shows colours only where it is told to. */
const COLOURED: DynamicConfigValue = { id: "custom.cellOptions", value: { type: "color-text" } };

/** What differs from the panel's own settings, by series, by query or by column. */
export function overridesOf({ kind, queries, series = {}, columnWords = {} }: Panel): readonly Override[] {
  const named = Object.entries(series).map(([name, state]) =>
    byName(name, [{ id: "color", value: { mode: "fixed", fixedColor: STATE_COLOURS[state] } }]),
  );
  const worded = Object.entries(columnWords).map(([column, words]) =>
    byName(column, [{ id: "mappings", value: [mappingOf(words)] }, COLOURED]),
  );
  const measured = queries.map(({ unit, axis, steps, legend }, index): Override => {
    const properties: DynamicConfigValue[] = [
      ...(unit === undefined ? [] : [{ id: "unit", value: toGrafanaUnit(unit) }]),
      ...(axis === "right" ? [{ id: "custom.axisPlacement", value: "right" }] : []),
      ...(steps === undefined
        ? []
        : [{ id: "thresholds", value: { mode: ThresholdsMode.Absolute, steps: thresholdsOf(steps) } }]),
      ...(steps !== undefined && kind === "table" ? [COLOURED] : []),
    ];
    return kind === "table"
      ? byName(legend, properties)
      : { matcher: { id: "byFrameRefID", options: refIdOf(index) }, properties };
  });
  return [...named, ...worded, ...measured].filter(({ properties }) => properties.length > 0);
}

/** Words for values, each in the colour of its state. */
export function mappingOf(words: Words): ValueMap {
  const options = Object.entries(words).map(([value, { text, state }], index) => [
    value,
    { text, color: STATE_COLOURS[state], index },
  ]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}

/** Good below the first step. */
export function thresholdsOf(steps: readonly Step[]): Threshold[] {
  const sorted = [...steps].sort((one, other) => one.from - other.from);
  return [
    { value: null, color: STATE_COLOURS.ok },
    ...sorted.map(({ from, state }) => ({ value: from, color: STATE_COLOURS[state] })),
  ];
}

function byName(options: string, properties: readonly DynamicConfigValue[]): Override {
  return { matcher: { id: "byName", options }, properties };
}
