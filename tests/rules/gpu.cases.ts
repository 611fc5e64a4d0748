import { conditionCases } from "./gpu-condition.cases.ts";
import { presenceCases } from "./gpu-presence.cases.ts";
import { xidCases } from "./gpu-xid.cases.ts";
import type { RuleCase } from "./rule-case.ts";

export const cases: readonly RuleCase[] = [...xidCases, ...conditionCases, ...presenceCases];
