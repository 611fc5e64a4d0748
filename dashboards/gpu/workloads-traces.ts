import { log, logql } from "../../components/signals/log-fields.ts";
import type { Panel } from "../library/panel.ts";
import { logs, traces } from "../library/panel-query.ts";
import { XID_LINES } from "./xid-panels.ts";

const HERE = 'resource.host.name =~ "$host_name" && resource.deployment.environment.name =~ "$environment"';

/** From a moment on the graphs above to single requests and their lines. */
export const workloadTraces: readonly Panel[] = [
  {
    title: "Traces that used a GPU",
    description:
      "Requests with inference or GPU scheduling on the hosts chosen. One opens with all its spans, and each span with its lines.",
    kind: "traces",
    queries: [traces(`{ ${HERE} && (name = "model.inference" || name = "gpu.schedule") }`)],
    unit: "{text}",
    empty: "No request used a GPU in the time range.",
  },
  {
    title: "Failed or slow traces",
    description: "Requests of the chosen services that failed or took longer than a second.",
    kind: "traces",
    queries: [
      traces(`{ ${HERE} && resource.service.name =~ "$service_name" && (status = error || duration > 1s) }`, {
        absentWhile: "no request failed or took longer than a second",
      }),
    ],
    unit: "{text}",
    empty: "No request failed or was slow in the time range: good.",
  },
  {
    title: "Lines of the services",
    description: "What the chosen services wrote on the hosts chosen. A line written inside a trace links to it.",
    kind: "logs",
    queries: [
      logs(logql`{${log.service}=~"$service_name", ${log.host}=~"$host_name", ${log.environment}=~"$environment"}`),
    ],
    unit: "{text}",
    empty: "The services wrote nothing in the time range.",
    width: 12,
    height: 10,
  },
  {
    title: "Xid lines of the kernel",
    description: "What NVIDIA's driver wrote on the hosts chosen, at the same time.",
    kind: "logs",
    queries: [logs(XID_LINES, "", { absentWhile: "the kernel log has no Xid line" })],
    unit: "{text}",
    empty: "No Xid in the time range: good.",
    width: 12,
    height: 10,
  },
];
