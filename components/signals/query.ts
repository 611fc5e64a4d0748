import { type SignalDefinition, toLabelName } from "./signal.ts";

/** One expression of PromQL and the signals it reads. */
export interface Query {
  readonly text: string;
  readonly signals: readonly SignalDefinition[];
}

/** One series of a histogram or summary. */
interface Part {
  readonly signal: SignalDefinition;
  readonly suffix: "_bucket" | "_sum" | "_count";
}

type Value = SignalDefinition | Part | Query | number | string;

/**
 * PromQL as a template literal. A signal stands for its series, with the matchers that tell it from others of the same
 * name; a matcher list may follow it: `${gpu.temperature}{host_name="a"}`. Another query is put in parentheses.
 */
export function promql(strings: TemplateStringsArray, ...values: readonly Value[]): Query {
  let text = strings[0] ?? "";
  const signals = new Set<SignalDefinition>();
  values.forEach((value, index) => {
    const next = strings[index + 1] ?? "";
    if (typeof value === "number" || typeof value === "string") text += `${value}${next}`;
    else if ("text" in value) {
      text += `(${value.text})${next}`;
      value.signals.forEach((signal) => signals.add(signal));
    } else {
      const { signal, suffix } = "suffix" in value ? value : { signal: value, suffix: "" };
      signals.add(signal);
      text += withMatchers(`${signal.prometheusName}${suffix}`, toMatchers(signal), next);
    }
  });
  return { text: text.trim().replaceAll(/\s*\n\s*/g, " "), signals: [...signals] };
}

export const bucketsOf = (signal: SignalDefinition): Part => part(signal, "_bucket");
export const sumOf = (signal: SignalDefinition): Part => part(signal, "_sum");
export const countOf = (signal: SignalDefinition): Part => part(signal, "_count");

function part(signal: SignalDefinition, suffix: Part["suffix"]): Part {
  const allowed = signal.type === "histogram" || (signal.type === "summary" && suffix !== "_bucket");
  if (!allowed) throw new TypeError(`${signal.name} is a ${signal.type}: it has no ${suffix}`);
  return { signal, suffix };
}

function toMatchers({ where = {} }: SignalDefinition): string {
  return Object.entries(where)
    .map(([attribute, value]) => `${toLabelName(attribute)}=${JSON.stringify(value)}`)
    .join(", ");
}

/** A matcher list written behind the signal joins its own. */
function withMatchers(series: string, matchers: string, next: string): string {
  if (matchers === "") return `${series}${next}`;
  return next.startsWith("{") ? `${series}{${matchers}, ${next.slice(1)}` : `${series}{${matchers}}${next}`;
}
