import { mediaClustering } from "./applications/media-clustering.ts";
import { mlModels } from "./applications/ml-models.ts";
import { requestFlow } from "./applications/request-flow.ts";
import { satellite } from "./applications/satellite.ts";
import { workflows } from "./applications/workflows.ts";
import { gpuDevice } from "./gpu/device.ts";
import { gpuFleet } from "./gpu/fleet.ts";
import { gpuHost } from "./gpu/host.ts";
import { kernelLogs } from "./gpu/kernel-logs.ts";
import { gpuWorkloads } from "./gpu/workloads.ts";
import type { DashboardDefinition } from "./library/dashboard.ts";
import type { Numbers } from "./library/numbers.ts";
import { audit } from "./operations/audit.ts";
import { capacity } from "./operations/capacity.ts";
import { costEnergy } from "./operations/cost-energy.ts";
import { logAnalytics } from "./operations/log-analytics.ts";
import { sla } from "./operations/sla.ts";
import { backends } from "./platform/backends.ts";
import { telemetryPipeline } from "./platform/telemetry-pipeline.ts";

/** Every dashboard, in the order of a folder; each is a function of the environment's numbers. */
const DASHBOARDS: readonly ((numbers: Numbers) => DashboardDefinition)[] = [
  gpuFleet,
  gpuHost,
  gpuDevice,
  gpuWorkloads,
  kernelLogs,
  requestFlow,
  workflows,
  satellite,
  mediaClustering,
  mlModels,
  sla,
  capacity,
  costEnergy,
  telemetryPipeline,
  backends,
  audit,
  logAnalytics,
];

/** The dashboards of an environment. */
export function planDashboards(numbers: Numbers): readonly DashboardDefinition[] {
  return DASHBOARDS.map((dashboard) => dashboard(numbers));
}
