import type { AlertsAnswer, PageAnswer, VariableAnswer } from "../answer.ts";
import { make } from "./dom.ts";
import { alertTable, PanelView } from "./panels.ts";

const REFRESH_MS = 15_000;
const RANGES = { "900": "15 minutes", "3600": "1 hour", "21600": "6 hours", "86400": "24 hours" } as const;

const part = (id: string) => document.getElementById(id) as HTMLElement;
const isAlerts = location.pathname === "/alerts";
const views = new Map<string, PanelView>();

await refresh();
setInterval(() => void (document.hidden ? undefined : refresh()), REFRESH_MS);
document.addEventListener("visibilitychange", () => void (document.hidden ? undefined : refresh()));
new ResizeObserver(fit).observe(document.body);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fit);

function fit(): void {
  for (const view of views.values()) view.fit();
}

async function refresh(): Promise<void> {
  try {
    const name = location.pathname.slice(1);
    const [alerts, page] = await Promise.all([
      ask<AlertsAnswer>("/data/alerts"),
      isAlerts ? undefined : ask<PageAnswer>(`/data/${name}${location.search}`),
    ]);
    showCount(alerts);
    showProblems([...new Set([...alerts.problems, ...(page?.problems ?? [])])]);
    if (page !== undefined) showPage(page);
    else part("content").replaceChildren(alerts.problems.length > 0 ? "" : alertTable(alerts));
    document.body.dataset["at"] = new Date().toISOString();
  } catch (error) {
    showProblems([`The console does not answer (${String(error)}). \`npm run status\` says what runs.`]);
  }
}

async function ask<T>(path: string): Promise<T> {
  // An address with user and password in it is no address that a page may ask at.
  const answer = await fetch(new URL(path, location.origin));
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

function showCount({ alerts, problems }: AlertsAnswer): void {
  const link = document.querySelector("[data-alerts]");
  if (link !== null) link.textContent = `Alerts that fire: ${problems.length > 0 ? "unknown" : alerts.length}`;
}

function showProblems(problems: readonly string[]): void {
  const known = part("problems").textContent;
  if (known !== problems.join(""))
    part("problems").replaceChildren(...problems.map((text) => make("p", "failed", text)));
}

function showPage(page: PageAnswer): void {
  if (!part("choices").contains(document.activeElement)) showChoices(page.variables);
  const shape = JSON.stringify(page.rows.map(({ title, panels }) => [title, panels.map((panel) => panel.title)]));
  if (part("content").dataset["shape"] !== shape) {
    for (const view of views.values()) view.remove();
    views.clear();
    const rows = page.rows.map(({ title, panels }) => {
      const own = panels.map((panel) => {
        const view = new PanelView(panel);
        views.set(`${title} ${panel.title}`, view);
        return view.element;
      });
      return make("section", "row", make("h2", "", title), make("div", "grid", ...own));
    });
    part("content").replaceChildren(...rows);
    part("content").dataset["shape"] = shape;
  }
  for (const { title, panels } of page.rows)
    for (const panel of panels) views.get(`${title} ${panel.title}`)?.show(panel);
}

function showChoices(variables: readonly VariableAnswer[]): void {
  const wanted = new URLSearchParams(location.search);
  const range = choice("range", "Time", RANGES, wanted.get("range") ?? "900");
  const selects = variables.map(({ name, title, multi, values, chosen }) => {
    const options = {
      ...(multi ? { "": "all" } : {}),
      ...Object.fromEntries(values.map((value) => [` ${value}`, value])),
    };
    return choice(name, title, options, chosen.length === 0 ? "" : ` ${chosen[0] ?? ""}`);
  });
  part("choices").replaceChildren(...selects, range);
}

/** A choice; another one opens the page with it. Keys begin with a space, so that numbers keep their order. */
function choice(name: string, title: string, options: Readonly<Record<string, string>>, chosen: string): HTMLElement {
  const select = make("select");
  select.name = name;
  for (const [value, text] of Object.entries(options))
    select.append(new Option(text, value.trim(), false, value === chosen));
  select.addEventListener("change", () => {
    const wanted = new URLSearchParams(location.search);
    if (select.value === "") wanted.delete(name);
    else wanted.set(name, select.value);
    location.search = wanted.toString();
  });
  return make("label", "", `${title} `, select);
}
