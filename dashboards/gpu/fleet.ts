import { gpusExpected } from "../../components/alerts/gpu/expected.ts";
import { scrape } from "../../components/signals/backends.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel, PanelLink } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ENVIRONMENT, GPU, HOST_NAME, ON_GPU, ON_HOST } from "../library/variables.ts";
import { GPU_LEGEND, perGpu, state, STATES, utilization } from "./expressions.ts";
import { fleetNow } from "./fleet-now.ts";
import { gpuTable } from "./gpu-table.ts";
import { temperatureSteps } from "./steps.ts";
import { xidsByGpu, xidsOfKernel } from "./xid-panels.ts";

/** All GPUs of an environment: which of them need somebody. */
export function gpuFleet(numbers: Numbers): DashboardDefinition {
  return {
    uid: "gpu-fleet",
    description:
      "Every GPU of the environment: how many answer, which are throttled, hot or failing, and what they use.",
    tags: ["gpu"],
    variables: [ENVIRONMENT, HOST_NAME, GPU],
    links: ["gpu-host", "gpu-device", "gpu-workloads", "kernel-logs"],
    rows: [
      { title: "Now", panels: fleetNow(numbers) },
      { title: "Every GPU", panels: [states, gpuTable(numbers)] },
      { title: "Driver errors", panels: [xidsByGpu, xidsOfKernel] },
      { title: "Use", panels: [hottest(numbers), busy, memory, power] },
      { title: "Hosts", panels: [hosts] },
    ],
  };
}

const TO_HOST: PanelLink = { title: "This host", to: "gpu-host", labels: ["host_name"] };
const TO_GPU: PanelLink = { title: "This GPU", to: "gpu-device", labels: ["host_name", "gpu"] };

const states: Panel = {
  title: "State of each GPU",
  description:
    "Working, throttled for heat or power, or with an Xid in the exporter's window. A gap is a GPU that nobody measured: it is missing, or its exporter or agent is.",
  kind: "state-timeline",
  queries: [metric(state, GPU_LEGEND, { always: true })],
  unit: "{state}",
  empty: "No GPU answers: look at the hosts below.",
  words: STATES,
  links: [TO_GPU],
  height: 10,
};

const hottest = (numbers: Numbers): Panel => ({
  title: "Hottest GPUs",
  description: "The ten hottest GPU chips at each moment. Past the line they are slowed down to cool.",
  kind: "timeseries",
  queries: [metric(promql`topk(10, ${perGpu(gpu.temperature)})`, GPU_LEGEND)],
  empty: "No GPU reports its temperature: the exporters do not answer.",
  steps: temperatureSteps(numbers),
  links: [TO_GPU],
});

const busy: Panel = {
  title: "Utilisation by host",
  description: "Mean share of time the GPUs of a host were at work. Low on a host with jobs means that jobs wait.",
  kind: "timeseries",
  queries: [metric(promql`avg by (host_name) (${utilization})`, "{{host_name}}")],
  unit: "1",
  empty: "No GPU reports its utilisation.",
  min: 0,
  max: 1,
  links: [TO_HOST],
};

const memory: Panel = {
  title: "GPU memory in use by host",
  description: "Memory that jobs hold on the GPUs of a host, instances of partitioned GPUs added up.",
  kind: "timeseries",
  queries: [metric(promql`sum by (host_name) (${gpu.memoryUsed}{${ON_GPU}})`, "{{host_name}}")],
  empty: "No GPU reports its memory.",
  min: 0,
  stack: true,
  links: [TO_HOST],
};

const power: Panel = {
  title: "Power by host",
  description: "What the GPUs of a host draw, each board counted once.",
  kind: "timeseries",
  queries: [metric(promql`sum by (host_name) (${perGpu(gpu.power)})`, "{{host_name}}")],
  empty: "No GPU reports its power.",
  min: 0,
  stack: true,
  links: [TO_HOST],
};

const hosts: Panel = {
  title: "Hosts and their GPUs",
  description:
    "GPUs each host must have, has now and had at any time of the last day, and whether its exporter answers. Fewer now than before is a GPU that fell off its bus.",
  kind: "table",
  queries: [
    metric(promql`max by (host_name) (${gpusExpected}{host_name=~"$host_name"})`, "GPUs it must have", {
      unit: "{gpu}",
    }),
    metric(promql`count by (host_name) (${perGpu(gpu.temperature)})`, "GPUs now", { unit: "{gpu}" }),
    metric(
      promql`count by (host_name) (max by (host_name, gpu) (max_over_time(${gpu.temperature}{${ON_GPU}}[1d])))`,
      "GPUs in the last day",
      { unit: "{gpu}" },
    ),
    metric(promql`min by (host_name) (${scrape.up}{${ON_HOST}, job="dcgm-exporter"})`, "Exporter answers", {
      unit: "{state}",
    }),
    metric(promql`sum by (host_name) (${perGpu(gpu.power)})`, "Power", { unit: "W" }),
  ],
  unit: "{gpu}",
  empty: "No host reports a GPU.",
  columnWords: {
    "Exporter answers": { "1": { text: "yes", state: "ok" }, "0": { text: "no", state: "critical" } },
  },
  links: [TO_HOST],
};
