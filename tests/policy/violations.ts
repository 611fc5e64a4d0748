import { judge, toMessage } from "../../infra/policy/judge.ts";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";
import { readPlatform } from "../../infra/policy/read/platform.ts";
import { RULES } from "../../infra/policy/rules.ts";

/** Every violation, as `rule: message`. */
export function violations(resources: readonly EngineResource[]): readonly string[] {
  const platform = readPlatform(resources);
  return RULES.flatMap((rule) => judge(rule, platform).map((found) => `${rule.name}: ${toMessage(rule, found)}`));
}
