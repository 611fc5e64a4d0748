import type { RuleFile } from "../../alerts/render.ts";
import type { GoDuration } from "../../core/units.ts";

/** A rule file that needs nothing of the Prometheus it is loaded by. */
export interface PortableRuleFile {
  readonly groups: readonly { readonly name: string; readonly interval: string; readonly rules: readonly object[] }[];
}

/**
 * What our own Prometheus adds from its own configuration stands in the file itself: how often a group is evaluated, and
 * the environment on every alert.
 */
export function toPortable(
  { groups }: RuleFile,
  { environment, evaluationInterval }: { readonly environment: string; readonly evaluationInterval: GoDuration },
): PortableRuleFile {
  return {
    groups: groups.map(({ name, rules }) => ({
      name,
      interval: evaluationInterval,
      rules: rules.map((rule) => withEnvironment(rule, environment)),
    })),
  };
}

function withEnvironment(rule: object, environment: string): object {
  if (!("alert" in rule)) return rule;
  const labels = "labels" in rule ? (rule.labels as object) : {};
  return { ...rule, labels: { ...labels, environment } };
}
