import type { RenderedMonitor } from "./monitor.ts";
import { toNumberText } from "./query.ts";
import type { MonitorSettings } from "./settings.ts";

/** The document's own monitor: more errors than this in five minutes (S1 L297). */
const MOST_ERRORS = 10;
/** How much slower than a week before workflows may be; the document says "2x baseline" and no baseline (S1 L287). */
const SLOWER = 2;

/**
 * Monitors the strategy document of Volnux asks for that are no form of an alert (S1 L286-300).
 *
 * Its own is kept byte by byte. Its name says rate and its query counts, so the rate it recommends is a monitor of its
 * own (C-21): that of the alert HighErrorRate, over what gateways count of every span before any is sampled away, while
 * `trace.*` is made of the spans that are left. `trace.workflow.*` needs spans with `operation.name: workflow`.
 */
export function renderDocumentMonitors(settings: MonitorSettings): readonly RenderedMonitor[] {
  const { workflowService: service } = settings;
  return [
    {
      key: "WorkflowErrorCount",
      name: "Workflow Error Rate Alert",
      type: "query alert",
      query: `sum(last_5m):sum:trace.workflow.errors{service:${service}}.as_count() > ${MOST_ERRORS}`,
      message: "Workflow error rate exceeded threshold",
      thresholds: { critical: toNumberText(MOST_ERRORS) },
      tags: ["team:data-platform"],
    },
    slowWorkflows(settings),
  ];
}

function slowWorkflows(settings: MonitorSettings): RenderedMonitor {
  const p95 = `p95:trace.workflow{${scope(settings).join(",")}}`;
  return {
    ...shared(settings, "SlowWorkflows"),
    name: `Slow workflows (${settings.environment})`,
    type: "query alert",
    query: `avg(last_15m):${p95} / week_before(${p95}) > ${SLOWER}`,
    message: toMessage("The 95th percentile of workflow time is more than twice that of a week before.", settings),
    thresholds: { critical: toNumberText(SLOWER) },
  };
}

function scope({ environment, workflowService }: MonitorSettings): readonly string[] {
  return [`env:${environment}`, `service:${workflowService}`];
}

function shared(settings: MonitorSettings, key: string) {
  const tags = [...scope(settings), "managed-by:pulumi", "area:workloads", "severity:warning", "team:data-platform"];
  return { key, tags, priority: "3" } as const;
}

function toMessage(text: string, { notify }: MonitorSettings): string {
  return [text, ...(notify.length === 0 ? [] : [notify.join(" ")])].join("\n\n");
}
