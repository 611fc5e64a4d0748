import { media } from "../../components/signals/applications.ts";
import { collector } from "../../components/signals/collector.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { node } from "../../components/signals/host.ts";
import { promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel, PanelLink } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { environmentFrom, hostFrom, ON_ENVIRONMENT, ON_HOST } from "../library/variables.ts";
import { forecastPanels, ON_DISK } from "./forecast.ts";

const TO_HOST: PanelLink = { title: "This host", to: "gpu-host", labels: ["host_name"] };

/** What is used of what there is, and when it will be used up (S1 L209). */
export function capacity(numbers: Numbers): DashboardDefinition {
  return {
    uid: "capacity",
    description: "Processors, memory, disks, GPUs and queues: how much is used, and when it will be used up.",
    tags: ["operations"],
    variables: [
      environmentFrom(promql`${node.load1}`),
      hostFrom(promql`${node.load1}{deployment_environment_name=~"$environment"}`),
    ],
    links: ["gpu-fleet", "backends", "cost-energy"],
    rows: [
      { title: "Hosts", panels: [cpu, memory, disk(numbers), diskBusy, network, load] },
      { title: "GPUs", panels: [gpus, gpuMemory, freeGpus(numbers)] },
      { title: "Queues", panels: [queues(numbers), jobs] },
      { title: "Forecast", panels: forecastPanels(numbers) },
    ],
    from: "now-6h",
  };
}

const cpu: Panel = {
  title: "Processors in use",
  description: "Share of a host's processor time that is not idle.",
  kind: "timeseries",
  queries: [
    metric(
      promql`1 - avg by (host_name) (rate(${node.cpu}{${ON_HOST}, mode="idle"}[$__rate_interval]))`,
      "{{host_name}}",
    ),
  ],
  unit: "1",
  empty: "No host reports its processors.",
  min: 0,
  max: 1,
  links: [TO_HOST],
  width: 8,
};

const memory: Panel = {
  title: "Memory in use",
  description: "Share of a host's memory that cannot be had without swapping.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        1 - max by (host_name) (${node.memoryAvailable}{${ON_HOST}})
        / max by (host_name) (${node.memoryTotal}{${ON_HOST}})`,
      "{{host_name}}",
    ),
  ],
  unit: "1",
  empty: "No host reports its memory.",
  min: 0,
  max: 1,
  links: [TO_HOST],
  width: 8,
};

const disk = (numbers: Numbers): Panel => ({
  title: "Disks in use",
  description: "Share of each file system in use.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        1 - max by (host_name, mountpoint) (${node.filesystemAvailable}{${ON_DISK}})
        / max by (host_name, mountpoint) (${node.filesystemSize}{${ON_DISK}})`,
      "{{host_name}} {{mountpoint}}",
    ),
  ],
  unit: "1",
  empty: "No host reports its file systems.",
  min: 0,
  max: 1,
  steps: [{ from: 1 - numbers.host.diskFree, state: "critical" }],
  links: [TO_HOST],
  width: 8,
});

const diskBusy: Panel = {
  title: "Disks at work",
  description: "Share of time each disk was busy; near 1 it holds up whoever reads or writes.",
  kind: "timeseries",
  queries: [
    metric(
      promql`max by (host_name, device) (rate(${node.diskIoTime}{${ON_HOST}}[$__rate_interval]))`,
      "{{host_name}} {{device}}",
    ),
  ],
  empty: "No host reports its disks.",
  min: 0,
  width: 8,
};

const network: Panel = {
  title: "Network",
  description: "Bytes a second a host received and sent, loopback left out.",
  kind: "timeseries",
  queries: [
    metric(
      promql`sum by (host_name) (rate(${node.networkReceived}{${ON_HOST}, device!="lo"}[$__rate_interval]))`,
      "{{host_name}} received",
    ),
    metric(
      promql`sum by (host_name) (rate(${node.networkSent}{${ON_HOST}, device!="lo"}[$__rate_interval]))`,
      "{{host_name}} sent",
    ),
  ],
  unit: "By/s",
  empty: "No host reports its network.",
  min: 0,
  width: 8,
};

const load: Panel = {
  title: "Load per processor",
  description: "Work that runs or waits to run, for each processor. Above 1, work waits.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        max by (host_name) (${node.load1}{${ON_HOST}})
        / count by (host_name) (count by (host_name, cpu) (${node.cpu}{${ON_HOST}}))`,
      "{{host_name}}",
    ),
  ],
  unit: "{task}",
  empty: "No host reports its load.",
  min: 0,
  width: 8,
};

const gpus: Panel = {
  title: "GPUs in use",
  description: "Mean share of time the GPUs of a host were at work.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        avg by (host_name) (
          max by (host_name, gpu) (${gpu.utilization}{${ON_HOST}})
          or avg by (host_name, gpu) (${gpu.graphicsActive}{${ON_HOST}})
        )`,
      "{{host_name}}",
    ),
  ],
  unit: "1",
  empty: "No GPU reports its utilisation.",
  min: 0,
  max: 1,
  links: [TO_HOST],
  width: 8,
};

const gpuMemory: Panel = {
  title: "GPU memory in use",
  description: "Share of the memory of a host's GPUs that jobs hold.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        sum by (host_name) (${gpu.memoryUsed}{${ON_HOST}}) / sum by (host_name) (${gpu.memoryTotal}{${ON_HOST}})`,
      "{{host_name}}",
    ),
  ],
  unit: "1",
  empty: "No GPU reports its memory.",
  min: 0,
  max: 1,
  links: [TO_HOST],
  width: 8,
};

const freeGpus = (numbers: Numbers): Panel => ({
  title: "GPUs nobody holds",
  description: "GPUs of a host whose memory is free. None anywhere: jobs wait for GPUs.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        sum by (host_name) (
          sum by (host_name, gpu) (${gpu.memoryUsed}{${ON_HOST}})
          / sum by (host_name, gpu) (${gpu.memoryTotal}{${ON_HOST}}) <= bool ${numbers.gpu.idleMemoryShare}
        )`,
      "{{host_name}}",
    ),
  ],
  unit: "{gpu}",
  empty: "No GPU reports its memory.",
  min: 0,
  links: [TO_HOST],
  width: 8,
});

const queues = (numbers: Numbers): Panel => ({
  title: "Fullest queues of collectors",
  description: "Share in use of the ten fullest queues.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        topk(10,
          max by (job, instance, exporter, data_type) (${collector.queueSize}{job=~"agent|gateway"})
          / max by (job, instance, exporter, data_type) (${collector.queueCapacity}{job=~"agent|gateway"})
        )`,
      "{{instance}} {{exporter}} {{data_type}}",
    ),
  ],
  unit: "1",
  empty: "No collector has a queue.",
  min: 0,
  max: 1,
  steps: [{ from: numbers.telemetry.queueFull, state: "critical" }],
});

const jobs: Panel = {
  title: "Jobs that wait",
  description: "Jobs in the queue of media clustering, and those workers have in hand.",
  kind: "timeseries",
  queries: [
    metric(promql`sum(${media.pending}{${ON_ENVIRONMENT}})`, "waiting"),
    metric(promql`sum(${media.inFlight}{${ON_ENVIRONMENT}})`, "in hand"),
  ],
  unit: "{job}",
  empty: "No application reports its queue.",
  min: 0,
};
