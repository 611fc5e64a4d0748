import { collector } from "../signals/collector.ts";
import { gpu } from "../signals/gpu.ts";
import { host } from "../signals/host.ts";
import { type DatadogExpression, datadogExpression as metric, toDatadogText } from "./query.ts";

interface Panel {
  readonly title: string;
  readonly expression: DatadogExpression;
  /** Line drawn across it. */
  readonly limit?: number;
}

const FLEET: readonly Panel[] = [
  { title: "GPU temperature (°C)", expression: metric`max:${gpu.temperature} by {host,gpu}`, limit: 85 },
  { title: "GPU memory temperature (°C)", expression: metric`max:${gpu.memoryTemperature} by {host,gpu}` },
  { title: "GPU utilisation (%)", expression: metric`avg:${gpu.utilization} by {host,gpu} * 100` },
  {
    title: "GPU memory used (%)",
    expression: metric`max:${gpu.memoryUsed} by {host,gpu} / max:${gpu.memoryTotal} by {host,gpu} * 100`,
  },
  { title: "Power (W)", expression: metric`sum:${gpu.power} by {host,gpu}` },
  { title: "Xids in the exporter's window", expression: metric`max:${gpu.xids} by {host,gpu,xid}` },
  {
    title: "Double-bit ECC errors",
    expression: metric`sum:${gpu.eccUncorrected} by {host,gpu}.as_count()`,
  },
  { title: "PCIe replays", expression: metric`sum:${gpu.pcieReplays} by {host,gpu}.as_count()` },
  { title: "Host memory used (%)", expression: metric`max:${host.memoryUtilization}{state:used} by {host} * 100` },
];

const PIPELINE: readonly Panel[] = [
  { title: "Metric points agents took in", expression: metric`sum:${collector.acceptedPoints} by {host}.as_rate()` },
  { title: "Metric points agents delivered", expression: metric`sum:${collector.sentPoints} by {host}.as_rate()` },
  {
    title: "Metric points a gateway did not take",
    expression: metric`sum:${collector.failedPoints} by {host}.as_count()`,
  },
  {
    title: "Agents' queues, share of their capacity (%)",
    expression: metric`max:${collector.queueSize} by {host} / max:${collector.queueCapacity} by {host} * 100`,
  },
  { title: "Resident memory of agents (bytes)", expression: metric`max:${collector.memory} by {host}` },
];

/** The dashboard of an environment in Datadog's JSON: the GPU fleet and the agents that report it. */
export function renderDatadogDashboard(environment: string): object {
  return {
    title: `GPU fleet and telemetry (${environment})`,
    description: "Made by Pulumi from the signals of the catalogue: edits are overwritten.",
    layout_type: "ordered",
    reflow_type: "auto",
    template_variables: [
      { name: "env", prefix: "env", available_values: [], defaults: [environment] },
      { name: "host", prefix: "host", available_values: [], defaults: ["*"] },
    ],
    widgets: [toGroup("GPU fleet", FLEET), toGroup("Telemetry pipeline", PIPELINE)],
  };
}

function toGroup(title: string, panels: readonly Panel[]): object {
  return { definition: { type: "group", layout_type: "ordered", title, widgets: panels.map(toWidget) } };
}

function toWidget({ title, expression, limit }: Panel): object {
  return {
    definition: {
      type: "timeseries",
      title,
      show_legend: true,
      requests: [{ q: toDatadogText(expression, ["$env", "$host"]), display_type: "line" }],
      ...(limit === undefined ? {} : { markers: [{ value: `y = ${limit}`, display_type: "error dashed" }] }),
    },
  };
}
