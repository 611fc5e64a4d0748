import { COLLECTOR_DOWNGRADES } from "./collectors.ts";
import type { Downgrade } from "./downgrade.ts";
import { INGRESS_DOWNGRADES } from "./ingress.ts";
import { SECURITY_DOWNGRADES } from "./security.ts";
import { WORKLOAD_DOWNGRADES } from "./workloads.ts";

/** Everything that production must not become. */
export const DOWNGRADES: readonly Downgrade[] = [
  ...COLLECTOR_DOWNGRADES,
  ...SECURITY_DOWNGRADES,
  ...INGRESS_DOWNGRADES,
  ...WORKLOAD_DOWNGRADES,
];
