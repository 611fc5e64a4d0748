import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { Panel } from "../library/panel.ts";
import { metric, traces } from "../library/panel-query.ts";
import { ON_GPU } from "../library/variables.ts";

/** A kernel line names no trace: what it hit is found by host and time. */
export const kernelWork: readonly Panel[] = [
  {
    title: "Jobs on these GPUs",
    description: "Jobs the scheduler put on the GPUs of these hosts, with the memory each holds.",
    kind: "table",
    queries: [
      metric(promql`sum by (host_name, gpu, hpc_job) (${gpu.memoryUsed}{${ON_GPU}, hpc_job!=""})`, "Memory", {
        absentWhile: "no scheduler maps jobs to GPUs on the host",
      }),
    ],
    empty: "No scheduler says which job has which GPU.",
    links: [{ title: "This GPU", to: "gpu-device", labels: ["host_name", "gpu"] }],
    height: 6,
  },
  {
    title: "Traces of these hosts",
    description:
      "Requests that services of these hosts worked on in the time range. Choose a short one around the line.",
    kind: "traces",
    queries: [
      traces('{ resource.host.name =~ "$host_name" && resource.deployment.environment.name =~ "$environment" }'),
    ],
    unit: "{text}",
    empty: "No service of these hosts sent a trace in the time range.",
  },
];
