import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import type { EnvironmentName } from "../../../infra/environment/schema.ts";
import { readDescription } from "../../../infra/environment/stack-file.ts";
import type { Summary } from "../../../infra/summary/model.ts";
import { planSummary } from "../../../infra/summary/plan.ts";
import { CATALOGUE, type Catalogue } from "../../../infra/toolchain/catalogue.ts";
import { planTopology } from "../../../infra/topology/plan.ts";

/** The description of a stack, to change and to plan. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Raw = Record<string, any>;

/** The summary of a committed stack after one edit of its description. */
export function summaryOf(
  name: EnvironmentName,
  edit: (raw: Raw) => void = () => undefined,
  catalogue: Catalogue = CATALOGUE,
): Summary {
  const raw = structuredClone(readDescription(PROJECT_ROOT, name)) as Raw;
  edit(raw);
  const topology = planTopology(loadEnvironment(name, raw));
  return planSummary(topology, planDeployables(topology), catalogue);
}
