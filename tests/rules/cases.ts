import type { AlertAreaName } from "../../components/alerts/areas.ts";
import { cases as backends } from "./backends.cases.ts";
import { cases as gpu } from "./gpu.cases.ts";
import { cases as host } from "./host.cases.ts";
import type { RuleCase } from "./rule-case.ts";
import { cases as serviceLevels } from "./service-levels.cases.ts";
import { cases as telemetry } from "./telemetry.cases.ts";
import { cases as workloads } from "./workloads.cases.ts";

/** Every case, by the area of its alert. */
export const CASES: Readonly<Record<AlertAreaName, readonly RuleCase[]>> = {
  gpu,
  host,
  telemetry,
  backends,
  workloads,
  serviceLevels,
};

export const ALL_CASES: readonly RuleCase[] = Object.values(CASES).flat();
