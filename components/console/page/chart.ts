import type UPlot from "uplot";
import type { PanelAnswer, Series, SeriesData } from "../answer.ts";
import { make, tableOf } from "./dom.ts";
import { formatTime, formatValue } from "./format.ts";

declare const uPlot: typeof UPlot;

const HEIGHT = 200;
const COLOURS = 10;
/** Steps between marks of bytes. */
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, exponent) => 2 ** exponent);

/** A chart with its legend, which says as text what the chart draws. */
export class Chart {
  readonly element = make("div");
  private plot: UPlot | undefined;
  private names = "";
  private values: readonly (readonly (number | null)[])[] = [];
  private units: readonly string[] = [];
  private cells: readonly HTMLTableCellElement[] = [];

  /** Draws new data; the same series keep their chart, and with it what a person points at. */
  show(panel: PanelAnswer, { times, series }: SeriesData): void {
    const drawn = panel.stack === true ? stacked(series) : series.map(({ values }) => values);
    const data = [times, ...drawn] as unknown as UPlot.AlignedData;
    this.values = series.map(({ values }) => values);
    this.units = series.map(({ unit }) => unit ?? panel.unit);
    const names = JSON.stringify([panel.title, series.map(({ name }) => name)]);
    if (this.plot !== undefined && names === this.names) this.plot.setData(data);
    else this.draw(panel, series, data);
    this.names = names;
    this.tell(undefined);
  }

  /** Fits the chart into its column, and takes up colours that changed. */
  fit(): void {
    const width = this.element.clientWidth;
    if (width > 0) this.plot?.setSize({ width, height: HEIGHT });
  }

  remove(): void {
    this.plot?.destroy();
  }

  private draw(panel: PanelAnswer, series: readonly Series[], data: UPlot.AlignedData): void {
    this.plot?.destroy();
    const canvas = Object.assign(make("div"), { role: "img", ariaLabel: `${panel.title}. ${panel.description}` });
    this.element.replaceChildren(canvas, this.legend(panel, series));
    this.plot = new uPlot(this.options(panel, series), data, canvas);
    this.fit();
  }

  private options(panel: PanelAnswer, series: readonly Series[]): UPlot.Options {
    const { unit, min, max, steps, stack = false } = panel;
    const right = series.find(({ axis }) => axis === "right");
    const axis = { stroke: () => colour("--dim"), grid: { stroke: () => colour("--line"), width: 1 } };
    const valued = (of: string) => ({
      ...axis,
      size: (_: UPlot, labels: string[] | null) => 24 + 7 * Math.max(...(labels ?? []).map(({ length }) => length)),
      ...(/^(Mi)?By?(\/s)?$/.test(of) ? { incrs: POWERS_OF_TWO } : {}),
      values: (_: UPlot, splits: number[]) => splits.map((value) => formatValue(value, of)),
    });
    return {
      width: this.element.clientWidth || 400,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_, low, high) => rangeOf(min ?? low, Math.max(max ?? high, ...near(steps, high))) } },
      axes: [
        { ...axis, values: (_, splits) => splits.map((at) => formatTime(at, false)) },
        valued(unit),
        ...(right === undefined
          ? []
          : [{ ...valued(right.unit ?? unit), scale: "right", side: 1 as const, grid: { show: false } }]),
      ],
      series: [
        {},
        ...series.map(({ name, axis: side }, index): UPlot.Series => ({
          label: name,
          scale: side ?? "y",
          stroke: () => colour(`--series-${index % COLOURS}`),
          width: 1.5,
          points: { show: false },
          ...(stack ? { fill: () => `${colour(`--series-${index % COLOURS}`)}30` } : {}),
        })),
      ],
      hooks: {
        draw: [(plot) => steps.forEach(({ from, state }) => line(plot, from, colour(`--${state}`)))],
        setCursor: [({ cursor }) => this.tell(cursor.idx ?? undefined)],
      },
    };
  }

  private legend({ title }: PanelAnswer, series: readonly Series[]): HTMLElement {
    this.cells = series.flatMap(() => [make("td"), make("td")]);
    const rows = series.map(({ name }, index) => {
      const swatch = make("span", "swatch");
      swatch.style.setProperty("--colour", `var(--series-${index % COLOURS})`);
      return [make("td", "", swatch, name), ...this.cells.slice(2 * index, 2 * index + 2)];
    });
    return tableOf(`Values of ${title}`, "legend", ["series", "value", "highest"], rows);
  }

  /** Writes the values at a point, else the newest of each series. */
  private tell(index: number | undefined): void {
    this.values.forEach((values, series) => {
      const unit = this.units[series] ?? "";
      const known = values.filter((value) => value !== null);
      const value = values.at(index ?? -1);
      const highest = known.length === 0 ? null : known.reduce((one, other) => Math.max(one, other));
      this.cells[2 * series]?.replaceChildren(formatValue(value, unit));
      this.cells[2 * series + 1]?.replaceChildren(formatValue(highest, unit));
    });
  }
}

/** Each series on top of those before it. */
function stacked(series: readonly Series[]): (number | null)[][] {
  const sums: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      if (value === null) return null;
      return (sums[index] = (sums[index] ?? 0) + value);
    }),
  );
}

/** A line that values come near is shown; one far above would flatten them. */
function near(steps: PanelAnswer["steps"], high: number | null): readonly number[] {
  return steps.map(({ from }) => from * 1.05).filter((from) => from <= (high ?? 0) * 1.5);
}

/** Some space around what never changes. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  const [bottom, top] = [low ?? 0, high ?? 1];
  const space = top > bottom ? (top - bottom) * 0.05 : Math.abs(top) * 0.1 || 1;
  return [low === 0 || bottom === 0 ? 0 : bottom - space, top + space];
}

function line({ ctx, bbox, valToPos }: UPlot, from: number, stroke: string): void {
  const y = valToPos(from, "y", true);
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.setLineDash([6, 4]);
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function colour(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}
