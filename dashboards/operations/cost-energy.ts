import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric, type QueryOptions } from "../library/panel-query.ts";
import { ENVIRONMENT, HOST_NAME, ON_HOST } from "../library/variables.ts";
import { telemetryCost, workCost } from "./costs.ts";

/** Joules in a watt-hour. */
const JOULES = 3600;
const OF_JOB = `${ON_HOST}, hpc_job!=""`;
const NO_JOBS: QueryOptions = { absentWhile: "no scheduler maps jobs to GPUs" };
const WITHOUT_JOBS = "No scheduler maps jobs to GPUs.";

/** How busy the engines of a GPU are, as the alert on idle GPUs reads it; else DCGM's utilisation. */
const activity = (matchers: string, by: string) => promql`
  max by (${by}) (${gpu.graphicsActive}{${matchers}}) or max by (${by}) (${gpu.utilization}{${matchers}})`;

/** What GPUs, operations and telemetry cost (S1 L210; S4 L13, L99). */
export function costEnergy(numbers: Numbers): DashboardDefinition {
  return {
    uid: "cost-energy",
    description: "GPU hours held and not used, energy by host and job, operations by time, and what telemetry costs.",
    tags: ["operations"],
    variables: [ENVIRONMENT, HOST_NAME],
    links: ["capacity", "gpu-workloads", "telemetry-pipeline"],
    rows: [
      { title: "Within the range shown", panels: [idleHours(numbers), energy, energyByHost, power] },
      { title: "Idle GPUs", panels: [idle(numbers), idleByHost(numbers)] },
      { title: "Jobs", panels: [jobs(numbers), jobPower] },
      { title: "Work", panels: workCost },
      { title: "Telemetry", panels: telemetryCost },
    ],
    from: "now-24h",
  };
}

/** 1 for each GPU that somebody holds memory of and whose engines do nothing. */
const held = ({ gpu: { idleActivity, idleMemoryShare } }: Numbers) => promql`
  (${activity(ON_HOST, "host_name, gpu")} < bool ${idleActivity})
  * (
    sum by (host_name, gpu) (${gpu.memoryUsed}{${ON_HOST}})
    / sum by (host_name, gpu) (${gpu.memoryTotal}{${ON_HOST}}) > bool ${idleMemoryShare}
  )`;

const idleHours = (numbers: Numbers): Panel => ({
  title: "Held but idle",
  description: "GPU hours in which somebody held a GPU's memory and its engines did nothing.",
  kind: "stat",
  queries: [metric(promql`sum(sum_over_time(${held(numbers)}[$__range:1m])) / 60`, "")],
  unit: "h",
  empty: "No GPU reports its use.",
  width: 6,
});

const used = promql`max by (host_name, gpu) (increase(${gpu.energy}{${ON_HOST}}[$__range]))`;

const energy: Panel = {
  title: "Energy",
  description: "What all GPUs used.",
  kind: "stat",
  queries: [metric(promql`sum(${used}) / ${JOULES}`, "")],
  unit: "W.h",
  empty: "No GPU counts its energy.",
  width: 6,
};

const energyByHost: Panel = {
  title: "Energy by host",
  description: "What the GPUs of each host used.",
  kind: "stat",
  queries: [metric(promql`sum by (host_name) (${used}) / ${JOULES}`, "{{host_name}}")],
  unit: "W.h",
  empty: "No GPU counts its energy.",
  width: 6,
};

const power: Panel = {
  title: "Power now",
  description: "What all GPUs draw.",
  kind: "stat",
  queries: [metric(promql`sum(max by (host_name, gpu) (${gpu.power}{${ON_HOST}}))`, "")],
  empty: "No GPU reports its power.",
  width: 6,
};

const idle = (numbers: Numbers): Panel => ({
  title: "GPUs held but idle",
  description: "GPUs of a host that somebody holds and that do nothing: memory in use, engines idle.",
  kind: "timeseries",
  queries: [metric(promql`sum by (host_name) (${held(numbers)})`, "{{host_name}}")],
  unit: "{gpu}",
  empty: "No GPU reports its use.",
  min: 0,
  stack: true,
});

const idleByHost = (numbers: Numbers): Panel => ({
  title: "Idle hours by GPU",
  description: "Hours each GPU was held and idle within the range shown.",
  kind: "table",
  queries: [
    metric(promql`sum by (host_name, gpu) (sum_over_time(${held(numbers)}[$__range:1m])) / 60 > 0`, "idle", {
      absentWhile: "no GPU is held and idle",
    }),
  ],
  unit: "h",
  empty: "No GPU was held and idle.",
  links: [{ title: "This GPU", to: "gpu-device", labels: ["host_name", "gpu"] }],
  width: 12,
});

const PER_JOB = "host_name, gpu, hpc_job";

const jobs = (numbers: Numbers): Panel => ({
  title: "Jobs",
  description:
    "For each job of the scheduler: the GPU time it held, how much of it was idle, and the energy of its GPUs. A partitioned GPU measures the energy of the whole board, so its jobs are each given all of it.",
  kind: "table",
  queries: [
    metric(promql`sum by (hpc_job) (count_over_time((${activity(OF_JOB, PER_JOB)})[$__range:1m])) * 60`, "GPU time", {
      ...NO_JOBS,
      unit: "s",
    }),
    metric(
      promql`
        sum by (hpc_job) (
          sum_over_time((${activity(OF_JOB, PER_JOB)} < bool ${numbers.gpu.idleActivity})[$__range:1m])
        ) / 60`,
      "idle",
      { ...NO_JOBS, unit: "h" },
    ),
    metric(
      promql`
        sum by (hpc_job) (max by (${PER_JOB}) (increase(${gpu.energy}{${OF_JOB}}[$__range]))) / ${JOULES}`,
      "energy",
      { ...NO_JOBS, unit: "W.h" },
    ),
  ],
  unit: "s",
  empty: WITHOUT_JOBS,
});

const jobPower: Panel = {
  title: "Power by job",
  description: "What the GPUs of the ten hungriest jobs draw.",
  kind: "timeseries",
  queries: [
    metric(promql`topk(10, sum by (hpc_job) (max by (${PER_JOB}) (${gpu.power}{${OF_JOB}})))`, "{{hpc_job}}", NO_JOBS),
  ],
  empty: WITHOUT_JOBS,
  min: 0,
  width: 24,
};
