import type { ResourceKind } from "../resource-kind.ts";

/** A name for what the program left unnamed: its own, and seven digits that make it unique. */
export const completeName: NonNullable<ResourceKind["complete"]> = (inputs, olds, { name, seed }) => {
  if (typeof inputs["name"] === "string") return {};
  return { name: typeof olds["name"] === "string" ? olds["name"] : `${name}-${seed.slice(0, 7)}` };
};

/** `[{ label, value }]` as an object. */
export function toLabels(labels: unknown): Record<string, string> {
  const list = (labels ?? []) as readonly { readonly label: string; readonly value: string }[];
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}
