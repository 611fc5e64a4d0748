import { type bucketsOf, promql, type Query } from "./query.ts";
import type { SignalDefinition } from "./signal.ts";

/**
 * What a counter grew by within a window, with its first value. A series that begins at 1, as that of a first error
 * does, has grown by nothing for `increase`, and each error of a rare kind begins a series: all would be missed (C-03).
 */
export function growth(counter: SignalDefinition | ReturnType<typeof bucketsOf>, window: string, matchers = ""): Query {
  return promql`
    (${counter}{${matchers}} unless ${counter}{${matchers}} offset ${window})
    or increase(${counter}{${matchers}}[${window}])`;
}
