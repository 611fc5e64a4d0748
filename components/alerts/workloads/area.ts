import { WORKFLOW_RECORDS } from "../../signals/recordings-workflows.ts";
import { alertArea } from "../area.ts";
import { mediaAlerts } from "./media-clustering.ts";
import { modelServerAlerts } from "./model-servers.ts";
import { modelAlerts } from "./models.ts";
import { silenceAlerts } from "./silence.ts";
import { WORKLOADS_THRESHOLDS } from "./thresholds.ts";
import { workflowAlerts } from "./workflows.ts";

/** What runs on the hosts: workflows, model servers, media clustering, models. Each is off with `alerts.disabled` (C-20). */
export const workloadsArea = alertArea({
  name: "workloads",
  thresholds: WORKLOADS_THRESHOLDS,
  recordings: () => WORKFLOW_RECORDS,
  alerts: (thresholds) => [
    ...workflowAlerts(thresholds),
    ...modelServerAlerts(thresholds),
    ...mediaAlerts(thresholds),
    ...modelAlerts(thresholds),
    ...silenceAlerts,
  ],
});
