import { spans } from "../../components/signals/applications.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { log, logql } from "../../components/signals/log-fields.ts";
import { promql } from "../../components/signals/query.ts";
import type { Panel } from "../library/panel.ts";
import { logs, metric } from "../library/panel-query.ts";
import { OF_SERVICE, ON_GPU } from "../library/variables.ts";
import { GPU_LEGEND, ratePerGpu } from "./expressions.ts";
import { XID_LINES } from "./xid-panels.ts";

const FAILED = 'status_code="STATUS_CODE_ERROR"';
const noFailure = { absentWhile: "no span failed" } as const;

/** Faults of GPUs and failures of services: which came first. */
export const faultPanels: readonly Panel[] = [
  {
    title: "ECC errors and Xids against agent errors",
    description:
      "Failed spans of agents (left) and faults of GPUs on the hosts chosen (right). A fault just before failures begin is their cause.",
    kind: "timeseries",
    queries: [
      metric(
        promql`sum by (service_name) (rate(${spans.calls}{${OF_SERVICE}, service_name=~".*agent.*", ${FAILED}}[$__rate_interval]))`,
        "{{service_name}} failed spans",
        noFailure,
      ),
      metric(ratePerGpu(gpu.eccUncorrected), `${GPU_LEGEND} uncorrected`, { axis: "right", unit: "{error}/s" }),
      metric(ratePerGpu(gpu.eccCorrected), `${GPU_LEGEND} corrected`, { axis: "right", unit: "{error}/s" }),
      metric(promql`max by (host_name, gpu) (${gpu.xids}{${ON_GPU}})`, `${GPU_LEGEND} Xids in the window`, {
        axis: "right",
        unit: "{event}",
        always: true,
      }),
    ],
    unit: "{span}/s",
    empty: "No agent failed and no GPU reports.",
    min: 0,
    links: [{ title: "This GPU", to: "gpu-device", labels: ["host_name", "gpu"] }],
    width: 24,
    height: 10,
  },
  {
    title: "Xid lines against failed spans",
    description:
      "Xid lines of the kernel log (right) and failed spans of all services chosen (left). The kernel speaks even when the exporter does not.",
    kind: "timeseries",
    queries: [
      metric(
        promql`sum by (service_name) (rate(${spans.calls}{${OF_SERVICE}, ${FAILED}}[$__rate_interval]))`,
        "{{service_name}} failed spans",
        noFailure,
      ),
      logs(logql`sum by (${log.host}, ${log.xid}) (rate(${XID_LINES} [$__auto]))`, "{{host_name}} Xid {{nvidia_xid}}", {
        axis: "right",
        unit: "{line}/s",
        absentWhile: "the kernel log has no Xid line",
      }),
    ],
    unit: "{span}/s",
    empty: "No span failed and the kernel log has no Xid: good.",
    min: 0,
    width: 24,
  },
];
