import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { type SignalDefinition, toLabelName } from "../../components/signals/signal.ts";

/** Series by name with the labels they may have. */
export type KnownSeries = ReadonlyMap<string, ReadonlySet<string>>;

/** Labels every scraped or pushed series has. */
const ALWAYS = ["job", "instance"];
const SHORTEST_WINDOW_SECONDS = 240;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** The series of a catalogue, with those of histograms and summaries. */
export function knownSeries(signals: readonly SignalDefinition[]): KnownSeries {
  const known = new Map<string, Set<string>>();
  for (const { prometheusName, type, labels, where, source } of signals) {
    const own = [...labels, ...Object.keys(where ?? {})].map(toLabelName);
    const all = source === "recording-rule" ? own : [...ALWAYS, ...own];
    for (const [suffix, more] of partsOf(type))
      known.set(
        `${prometheusName}${suffix}`,
        new Set([...(known.get(`${prometheusName}${suffix}`) ?? []), ...all, ...more]),
      );
  }
  return known;
}

function partsOf(type: SignalDefinition["type"]): readonly (readonly [suffix: string, labels: readonly string[]])[] {
  const sums = [
    ["_sum", []],
    ["_count", []],
  ] as const;
  if (type === "histogram") return [["_bucket", ["le"]], ...sums];
  return type === "summary" ? [["", ["quantile"]], ...sums] : [["", []]];
}

/** Names of the series an expression reads. */
export function seriesOf(expression: string): readonly string[] {
  const names = nodesOf(parser.parse(expression), "VectorSelector").map((node) => nameOf(node, expression));
  return [...new Set(names)];
}

/** The selectors of an expression, with their matchers and without windows. */
export function selectorsOf(expression: string): readonly string[] {
  const texts = nodesOf(parser.parse(expression), "VectorSelector").map(({ from, to }) => expression.slice(from, to));
  return [...new Set(texts)];
}

/** What is wrong with an expression: no PromQL, an unknown series or label, a window of too few samples. */
export function findExpressionProblems(expression: string, known: KnownSeries): readonly string[] {
  const tree = parser.parse(expression);
  if (nodesOf(tree, "⚠").length > 0) return [`is no PromQL: ${expression}`];
  const text = (node: SyntaxNode) => expression.slice(node.from, node.to);
  const series = seriesOf(expression)
    .filter((name) => !known.has(name))
    .map((name) => `reads ${name}, which is not in the catalogue`);
  const matchers = nodesOf(tree, "VectorSelector").flatMap((selector) => {
    const name = nameOf(selector, expression);
    return nodesOf(selector, "LabelName")
      .map(text)
      .filter((label) => known.get(name)?.has(label) === false)
      .map((label) => `matches ${name} by ${label}, a label it does not have`);
  });
  const groupings = nodesOf(tree, "GroupingLabels").flatMap((grouping) => {
    const labels = labelsWithin(scopeOf(grouping), expression, known);
    return nodesOf(grouping, "LabelName")
      .map(text)
      .filter((label) => !labels.has(label))
      .map((label) => `groups by ${label}, which none of its series has`);
  });
  return [...series, ...matchers, ...groupings, ...findShortWindows(tree, expression)];
}

/** Samples come every 60 s at the longest: a window of fewer than four of them says little (C-31). */
function findShortWindows(tree: Tree, expression: string): readonly string[] {
  return nodesOf(tree, "MatrixSelector").flatMap((node) => {
    const window = /\[([^\]:]+)\]$/.exec(expression.slice(node.from, node.to))?.[1] ?? "";
    const seconds = [...window.matchAll(/(\d+)([smhdw])/g)].reduce(
      (sum, [, count = "0", unit = ""]) => sum + Number(count) * (UNITS[unit] ?? 0),
      0,
    );
    return seconds >= SHORTEST_WINDOW_SECONDS ? [] : [`looks at ${window}, fewer than four samples 60 s apart`];
  });
}

/** The aggregation or operation that a list of labels belongs to. */
function scopeOf(grouping: SyntaxNode): SyntaxNode {
  let node = grouping;
  while (node.parent !== null && node.name !== "AggregateExpr" && node.name !== "BinaryExpr") node = node.parent;
  return node;
}

function labelsWithin(scope: SyntaxNode, expression: string, known: KnownSeries): ReadonlySet<string> {
  const made = nodesOf(scope, "FunctionCall")
    .filter((call) => expression.startsWith("label_", call.from))
    .flatMap((call) => call.getChild("FunctionCallBody")?.getChildren("StringLiteral").slice(0, 1) ?? [])
    .map((node) => expression.slice(node.from + 1, node.to - 1));
  const own = nodesOf(scope, "VectorSelector").flatMap((node) => [...(known.get(nameOf(node, expression)) ?? [])]);
  return new Set([...own, ...made]);
}

function nameOf(selector: SyntaxNode, expression: string): string {
  const name = selector.getChild("Identifier");
  return name === null ? "" : expression.slice(name.from, name.to);
}

function nodesOf(root: Tree | SyntaxNode, name: string): readonly SyntaxNode[] {
  const top = "topNode" in root ? root.topNode : root;
  const found: SyntaxNode[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.name === name || (name === "⚠" && node.type.isError)) found.push(node);
    for (let child = node.firstChild; child !== null; child = child.nextSibling) visit(child);
  };
  visit(top);
  return found;
}
