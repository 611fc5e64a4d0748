import type { DashboardDefinition } from "./dashboard.ts";
import type { Panel, PanelKind } from "./panel.ts";

/** Columns of Grafana's grid. */
const COLUMNS = 24;
const WIDE: ReadonlySet<PanelKind> = new Set(["table", "logs", "traces", "node-graph", "state-timeline"]);
const SMALL: ReadonlySet<PanelKind> = new Set(["stat", "gauge"]);

/** Where a panel stands on the grid. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A row's heading or a panel, in the order they are drawn, each with its place. */
export type Placed = { readonly row: string; readonly place: Place } | { readonly panel: Panel; readonly place: Place };

/** Puts panels side by side, and below when a line is full. */
export function layOut({ rows }: DashboardDefinition): readonly Placed[] {
  const placed: Placed[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({ row: title, place: { x: 0, y, w: COLUMNS, h: 1 } });
    y += 1;
    let x = 0;
    let line = 0;
    for (const panel of panels) {
      const { w, h } = sizeOf(panel);
      if (x + w > COLUMNS) {
        y += line;
        x = 0;
        line = 0;
      }
      placed.push({ panel, place: { x, y, w, h } });
      x += w;
      line = Math.max(line, h);
    }
    y += line;
  }
  return placed;
}

/** Size of a panel, in columns of 24 and in grid units. */
export function sizeOf({ kind, width, height }: Panel): { readonly w: number; readonly h: number } {
  const w = WIDE.has(kind) ? COLUMNS : SMALL.has(kind) ? 4 : 12;
  return { w: width ?? w, h: height ?? (SMALL.has(kind) ? 4 : 8) };
}
