import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";

type Steps = Required<Pick<Panel, "steps">>;

/** Where a value is bad from. */
const above = (from: number): Steps => ({ steps: [{ from, state: "warning" }] });

/** Where the share of failed workflows starts to be bad. */
export const workflowSteps = ({ workloads }: Numbers): Steps => above(workloads.workflowErrorRate);
/** Where the share of failed jobs starts to be bad. */
export const jobSteps = ({ workloads }: Numbers): Steps => above(workloads.mediaFailureRate);
/** Where the number of waiting jobs starts to be bad. */
export const backlogSteps = ({ workloads }: Numbers): Steps => above(workloads.mediaBacklog);
/** Where the share of failed health checks starts to be bad. */
export const healthSteps = ({ workloads }: Numbers): Steps => above(workloads.healthChecksFailed);
/** Where drift starts to be bad. */
export const driftSteps = ({ workloads }: Numbers): Steps => above(workloads.dataDrift);
/** Where the time of a prediction starts to be bad. */
export const predictionSteps = ({ workloads }: Numbers): Steps => above(workloads.predictionSeconds);
/** Where the time of a plugin's run starts to be bad. */
export const pluginSteps = ({ workloads }: Numbers): Steps => above(workloads.pluginSeconds);
/** Where accuracy is good from: all below is bad. */
export const accuracySteps = ({ workloads }: Numbers): Steps => ({
  steps: [
    { from: 0, state: "warning" },
    { from: workloads.modelAccuracy, state: "ok" },
  ],
});
