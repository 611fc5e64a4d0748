import type { Platform, PolicyRule, Violation } from "./model.ts";

/** What a rule finds in a platform; nothing where it is not judged. */
export function judge({ only, check }: PolicyRule, platform: Platform): readonly Violation[] {
  return only === undefined || only.includes(platform.environment) ? check(platform) : [];
}

/** One violation for people: where, what, and what mends it. */
export function toMessage(rule: PolicyRule, { where, what, fix = rule.fix }: Violation): string {
  return `${where}: ${what}. Fix: ${fix}`;
}
