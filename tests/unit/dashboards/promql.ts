import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import type { SignalDefinition } from "../../../components/signals/signal.ts";

const RATES = new Set(["rate", "irate", "increase", "resets", "changes"]);

/** Names of counters that are read as they are, neither as their growth nor to count how many there are. */
export function countersOutsideRates(text: string, signals: readonly SignalDefinition[]): readonly string[] {
  const counters = new Set(
    signals.flatMap(({ prometheusName, type }) => {
      if (type === "histogram") return ["_bucket", "_sum", "_count"].map((suffix) => `${prometheusName}${suffix}`);
      return type === "counter" ? [prometheusName] : [];
    }),
  );
  const outside: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, node }) => {
      if (type.name !== "VectorSelector") return;
      const identifier = node.getChild("Identifier");
      const name = identifier === null ? "" : text.slice(identifier.from, identifier.to);
      if (counters.has(name) && !isWithinRate(node, text)) outside.push(name);
    },
  });
  return outside;
}

function isWithinRate(node: SyntaxNode, text: string): boolean {
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === "AggregateExpr" && /^(count|group)\b/.test(text.slice(at.from))) return true;
    // A counter that first appears with its first event: new as a whole, see components/signals/growth.ts.
    if (at.name === "BinaryExpr" && at.getChild("Unless") !== null) return true;
    if (at.name !== "FunctionCall") continue;
    const called = at.getChild("FunctionIdentifier");
    if (called !== null && RATES.has(text.slice(called.from, called.to).trim())) return true;
  }
  return false;
}
