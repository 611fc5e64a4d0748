import { crawler, mlx, spans } from "../../components/signals/applications.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { bucketsOf, countOf, promql, type Query } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { Panel, PanelLink } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { OF_SERVICE, ON_HOST } from "../library/variables.ts";
import { GPU_LEGEND, perGpu, throttled, utilization } from "./expressions.ts";

const TO_GPU: PanelLink = { title: "This GPU", to: "gpu-device", labels: ["host_name", "gpu"] };
const TO_LINES: PanelLink = { title: "Kernel lines of the host", to: "kernel-logs", labels: ["host_name"] };
const base = {
  kind: "timeseries",
  unit: "s",
  min: 0,
  width: 24,
  links: [TO_GPU, TO_LINES],
} as const satisfies Partial<Panel>;

/** Services on the left axis, with the traces of single requests as dots (C-36); GPUs on the right. */
export const latencyPanels: readonly Panel[] = [
  {
    ...base,
    title: "GPU throttling against crawler latency",
    description:
      "Crawl requests (left) and the share of time GPUs of the same hosts were slowed down (right). When both rise together the GPU is the cause; a dot opens the trace of one slow request.",
    queries: [
      metric(quantile(0.5, crawler.requestDuration), "{{host_name}} crawler p50"),
      metric(quantile(0.95, crawler.requestDuration), "{{host_name}} crawler p95"),
      metric(throttled, `${GPU_LEGEND} throttled`, { axis: "right", unit: "1" }),
    ],
    empty: "Neither a crawler nor a GPU reports.",
    height: 10,
  },
  {
    ...base,
    title: "GPU clocks against prediction latency",
    description:
      "Predictions of models (left) and the clocks of the GPUs of the same hosts (right). Falling clocks with rising latency is throttling; steady clocks mean the model or its queue.",
    queries: [
      metric(quantile(0.5, mlx.predictionLatency), "{{host_name}} prediction p50"),
      metric(quantile(0.95, mlx.predictionLatency), "{{host_name}} prediction p95"),
      metric(perGpu(gpu.smClock), `${GPU_LEGEND} SM clock`, { axis: "right", unit: "MHz" }),
    ],
    empty: "Neither a model nor a GPU reports.",
    height: 10,
  },
  {
    title: "Crawl requests by duration",
    description: "How many crawl requests took how long. Two bands mean that some meet a slow GPU and some do not.",
    kind: "heatmap",
    queries: [
      metric(
        promql`sum by (le) (increase(${bucketsOf(crawler.requestDuration)}{${ON_HOST}}[$__rate_interval]))`,
        "{{le}}",
      ),
    ],
    unit: "s",
    empty: "No crawler reports.",
  },
  {
    ...base,
    title: "GPU utilisation against requests",
    description:
      "Crawl requests a second (left) and how busy GPUs are (right). Requests without GPU work wait before it; GPU work without requests is somebody else's.",
    queries: [
      metric(
        promql`sum by (host_name) (rate(${countOf(crawler.requestDuration)}{${ON_HOST}}[$__rate_interval]))`,
        "{{host_name}} crawl requests",
      ),
      metric(utilization, `${GPU_LEGEND} utilisation`, { axis: "right", unit: "1" }),
    ],
    unit: "{request}/s",
    empty: "Neither a crawler nor a GPU reports.",
    width: 12,
  },
  {
    ...base,
    title: "GPU throttling against inference spans",
    description:
      "Spans of inference and of GPU scheduling in the chosen services (left), throttling of GPUs (right). Shows which step of a request pays for a slow GPU.",
    queries: [
      metric(
        promql`histogram_quantile(0.95, sum by (service_name, span_name, le) (
            rate(${bucketsOf(spans.duration)}{${OF_SERVICE}, span_name=~"model.inference|gpu.schedule"}[$__rate_interval])))`,
        "{{service_name}} {{span_name}} p95",
      ),
      metric(throttled, `${GPU_LEGEND} throttled`, { axis: "right", unit: "1" }),
    ],
    empty: "Neither a service nor a GPU reports.",
  },
];

function quantile(share: number, histogram: SignalDefinition): Query {
  return promql`histogram_quantile(${share}, sum by (host_name, le) (rate(${bucketsOf(histogram)}{${ON_HOST}}[$__rate_interval])))`;
}
