import type { DataTransformerConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Panel } from "./panel.ts";
import { refIdOf } from "./render-query.ts";

/** Makes one table of a panel's instant queries: a row per set of labels, a column per query named by its legend. */
export function tableTransformations({ queries, hidden = [] }: Panel): readonly DataTransformerConfig[] {
  const columns = queries.map(({ legend }, index) => [
    queries.length === 1 ? "Value" : `Value #${refIdOf(index)}`,
    legend,
  ]);
  return [
    // Loki answers with one frame per series, its labels beside the number.
    ...(queries.some(({ language }) => language === "logql") ? [{ id: "labelsToFields", options: {} }] : []),
    { id: "merge", options: {} },
    {
      id: "organize",
      options: {
        excludeByName: Object.fromEntries(["Time", "__name__", ...hidden].map((name) => [name, true])),
        renameByName: Object.fromEntries(columns),
      },
    },
  ];
}
