import type { AlertsAnswer, PanelAnswer, SeriesData, TableData, ValuesData } from "../answer.ts";
import type { ConsoleState } from "../definition.ts";
import { Chart } from "./chart.ts";
import { make, tableOf } from "./dom.ts";
import { formatTime, formatValue, stateOf } from "./format.ts";

/** Marks of states, so that colour does not carry them alone. */
const MARKS: Readonly<Partial<Record<ConsoleState, string>>> = {
  notice: "ℹ",
  warning: "▲",
  critical: "✖",
  fatal: "✖✖",
  missing: "?",
};

/** One panel of a page: made once, shown again with each refresh. */
export class PanelView {
  readonly element: HTMLElement;
  private readonly body = make("div", "body");
  private chart: Chart | undefined;

  constructor({ title, description, width, kind }: PanelAnswer) {
    this.element = make(
      "section",
      `panel ${kind}`,
      make("h3", "", title),
      make("p", "description", description),
      this.body,
    );
    this.element.style.setProperty("--columns", String(width));
  }

  show(panel: PanelAnswer): void {
    const { data, kind, empty } = panel;
    if (data.kind === "series" && kind === "timeseries" && data.series.length > 0) {
      this.chart ??= new Chart();
      if (!this.body.contains(this.chart.element)) this.body.replaceChildren(this.chart.element);
      return this.chart.show(panel, data);
    }
    // The whole sentence stands once, above the panels.
    const shown = data.kind === "failed" ? make("p", "failed", data.why.replace(/ \(https.*\)$/, ".")) : draw(panel);
    this.body.replaceChildren(shown ?? make("p", "empty", make("strong", "", "No data. "), empty));
  }

  fit(): void {
    this.chart?.fit();
  }

  remove(): void {
    this.chart?.remove();
  }
}

function draw(panel: PanelAnswer): HTMLElement | undefined {
  const { data } = panel;
  if (data.kind === "values" && data.values.length > 0) return stats(panel, data);
  if (data.kind === "table" && data.rows.length > 0) return table(panel, data);
  return data.kind === "series" && data.series.length > 0 ? strips(panel, data) : undefined;
}

function stats({ unit, steps, words, title }: PanelAnswer, { values }: ValuesData): HTMLElement {
  const items = values.map(({ name, value, unit: own = unit, steps: ownSteps = steps }) => {
    const text = stateOf(value, ownSteps, words);
    const shown = marked("p", "value", text.text ?? formatValue(value, own), text.state);
    return make("div", "", shown, ...(values.length > 1 && name !== title ? [make("p", "name", name)] : []));
  });
  return make("div", "stats", ...items);
}

function marked<K extends "p" | "td">(tag: K, className: string, text: string, state?: ConsoleState) {
  const mark = state === undefined ? undefined : MARKS[state];
  const element = make(tag, `${className} ${state ?? ""}`, ...(mark === undefined ? [] : [`${mark} `]), text);
  if (state !== undefined && mark !== undefined) element.title = state;
  return element;
}

function table({ links, title }: PanelAnswer, { columns, rows }: TableData): HTMLElement {
  const body = rows.map((row) => {
    const cells = columns.map(({ of, unit = "", steps, words }, index) => {
      const value = row[index] ?? null;
      const said = stateOf(value, of === "label" ? [] : steps, words);
      const plain = typeof value === "string" ? value : formatValue(value, unit);
      return marked("td", of, said.text ?? plain, said.state === "ok" && words === undefined ? undefined : said.state);
    });
    const labels = Object.fromEntries(columns.map(({ name }, index) => [name, String(row[index] ?? "")]));
    const ways = links.map(({ title: text, to, labels: names }) => {
      const wanted = new URLSearchParams(names.map((name) => [name, labels[name] ?? ""]));
      return Object.assign(make("a", "", text), { href: `/${to}?${wanted.toString()}` });
    });
    return [...cells, ...(ways.length === 0 ? [] : [make("td", "links", ...ways)])];
  });
  const names = [...columns.map(({ name }) => name), ...(links.length === 0 ? [] : ["more"])];
  return tableOf(title, "", names, body);
}

/** A strip of states for each series, and its present state in words. */
function strips({ words, steps, unit, title }: PanelAnswer, { times, series }: SeriesData): HTMLElement {
  const rows = series.map(({ name, values }) => {
    const states = values.map((value) => stateOf(value, steps, words).state ?? "none");
    const strip = make("div", "strip");
    strip.style.background = `linear-gradient(to right, ${bands(states).join(", ")})`;
    const last = values.at(-1) ?? null;
    const said = stateOf(last, steps, words);
    const now = said.text ?? (last === null ? "no data" : formatValue(last, unit));
    return [name, make("td", "wide", strip), marked("td", "", now, said.state)];
  });
  return tableOf(title, "", ["series", `${formatTime(times[0])} to ${formatTime(times.at(-1))}`, "now"], rows);
}

/** Neighbours of one state are one band. */
function bands(states: readonly string[]): readonly string[] {
  const edges = states.flatMap((state, index) => (state === states[index - 1] ? [] : [index]));
  return edges.map((start, index) => {
    const share = (position: number) => `${(100 * position) / states.length}%`;
    return `var(--${states[start] ?? "none"}) ${share(start)} ${share(edges[index + 1] ?? states.length)}`;
  });
}

/** Alerts that fire, a row each. */
export function alertTable({ alerts }: AlertsAnswer): HTMLElement {
  if (alerts.length === 0) return make("p", "", "No alert fires.");
  const rows = alerts.map(({ name, severity, summary, about, since, runbook }) => {
    const state = severity === "critical" || severity === "warning" ? severity : "notice";
    const page = runbook.startsWith("http") ? Object.assign(make("a", "", name), { href: runbook }) : runbook;
    return [marked("td", "", severity, state), name, summary, about, formatTime(Date.parse(since) / 1000), page];
  });
  return tableOf("Alerts that fire", "alerts", ["severity", "alert", "summary", "about", "since", "runbook"], rows);
}
