import type { AlertsAnswer, PageAnswer, PanelAnswer, VariableAnswer } from "../answer.ts";
import type { ConsolePage, ConsolePanel } from "../definition.ts";
import { type Ask, BackendError } from "./ask.ts";
import { type Choice, interpolate, type Span } from "./interpolate.ts";
import { compare, readPanel } from "./panel-data.ts";

/** Points of a chart, at most. */
const POINTS = 240;

/** Labels that every alert has, or that say nothing about the thing itself. */
const COMMON = new Set(["alertname", "severity", "area", "environment", "team"]);

/** The last `seconds`; points lie on multiples of the step, so that a refresh moves them by whole steps. */
export function spanOf(now: number, seconds: number, scrape: number): Span {
  const step = Math.max(scrape, Math.ceil(seconds / POINTS));
  const to = Math.floor(now / step) * step;
  return { from: to - Math.floor(seconds / step) * step, to, step, scrape };
}

/** A page with its data. */
export async function readPage(
  page: ConsolePage,
  environment: string,
  wanted: URLSearchParams,
  span: Span,
  ask: Ask,
): Promise<PageAnswer> {
  const problems = new Set<string>();
  const variables = await readVariables(page, wanted, span, ask, problems);
  const choice: Choice = Object.fromEntries(variables.map(({ name, multi, chosen }) => [name, orNone(multi, chosen)]));
  const rows = await Promise.all(
    page.rows.map(async ({ title, panels }) => ({
      title,
      panels: await Promise.all(panels.map((panel) => toAnswer(panel, choice, span, ask))),
    })),
  );
  for (const { data } of rows.flatMap(({ panels }) => panels)) if (data.kind === "failed") problems.add(data.why);
  return { environment, variables, rows, problems: [...problems] };
}

/** A choice of one thing that nothing offers matches nothing, not everything. */
function orNone(multi: boolean, chosen: readonly string[]): readonly string[] {
  return multi || chosen.length > 0 ? chosen : [""];
}

async function toAnswer(panel: ConsolePanel, choice: Choice, span: Span, ask: Ask): Promise<PanelAnswer> {
  const { title, description, kind, empty, unit, steps, links, width, words, min, max, stack } = panel;
  const given = { words, min, max, stack };
  const optional = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const data = await readPanel(panel, choice, span, ask);
  return { title, description, kind, empty, unit, steps, links, width, ...optional, data };
}

/** One after the other: the values of a variable depend on what was chosen before it. */
async function readVariables(
  { variables }: ConsolePage,
  wanted: URLSearchParams,
  span: Span,
  ask: Ask,
  problems: Set<string>,
): Promise<readonly VariableAnswer[]> {
  const answers: VariableAnswer[] = [];
  const choice: Record<string, readonly string[]> = {};
  for (const { name, title, query, label, multi } of variables) {
    const asked = wanted.getAll(name).filter((value) => value !== "");
    const matcher = new URLSearchParams({
      "match[]": interpolate(query, choice, span),
      start: String(span.from),
      end: String(span.to),
    });
    const path = `/api/v1/label/${label}/values?${matcher}`;
    // What did not answer a moment ago is not waited for again.
    const found = problems.size > 0 ? undefined : await orProblem(() => ask("prometheus", path), problems);
    const values = [...new Set([...((found ?? []) as readonly string[]), ...asked])].toSorted(compare);
    const chosen = multi ? asked : [asked[0] ?? values[0] ?? []].flat();
    choice[name] = orNone(multi, chosen);
    answers.push({ name, title, multi, values, chosen });
  }
  return answers;
}

async function orProblem<T>(run: () => Promise<T>, problems: Set<string>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    problems.add(error.message);
    return undefined;
  }
}

interface Alerts {
  readonly alerts: readonly {
    readonly state: string;
    readonly activeAt: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** Alerts that fire, the most severe first; without the watchdog, which always does. */
export async function readFiring(ask: Ask): Promise<AlertsAnswer> {
  const problems = new Set<string>();
  const answer = (await orProblem(() => ask("prometheus", "/api/v1/alerts"), problems)) as Alerts | undefined;
  const alerts = (answer?.alerts ?? [])
    .filter(({ state, labels }) => state === "firing" && labels["alertname"] !== "Watchdog")
    .map(({ labels, annotations, activeAt }) => ({
      name: labels["alertname"] ?? "",
      severity: labels["severity"] ?? "",
      summary: annotations["summary"] ?? "",
      about: Object.entries(labels)
        .filter(([name]) => !COMMON.has(name))
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
      since: activeAt,
      runbook: annotations["runbook_url"] ?? annotations["runbook"] ?? "",
    }))
    .toSorted((one, other) => rank(one.severity) - rank(other.severity) || compare(one.name, other.name));
  return { alerts, problems: [...problems] };
}

const SEVERITIES = ["critical", "warning", "info"];

function rank(severity: string): number {
  const index = SEVERITIES.indexOf(severity);
  return index < 0 ? SEVERITIES.length : index;
}
