import { loki } from "../../signals/backends.ts";
import { growth } from "../../signals/growth.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { NEVER_PASSES_A_GATEWAY } from "../telemetry/exempt.ts";

/** The store of logs. */
export const lokiAlerts = ({ backends }: Inventory): readonly AlertDefinition[] =>
  backends.includes("loki") ? [discards, storageFailing] : [];

const discards: AlertDefinition = {
  name: "LokiLinesDiscarded",
  severity: "warning",
  meaning: "Loki throws log lines away.",
  summary: "Loki discards lines: {{ $labels.reason }}.",
  query: promql`sum by (job, instance, reason) (${growth(loki.discardedLines, "10m")}) > 0`,
  for: "5m",
  impact: "Log lines are missing, and a gateway gives up the batch they came in.",
  actions: [
    "`rate_limited` or `stream_limit`: more comes in than was planned. Find the service, lower its level, or raise Loki's limits.",
    "`greater_than_max_sample_age` or `too_far_behind`: a host's clock is wrong, or an outage was longer than Loki takes lines for.",
    "`line_too_long` or `structured_metadata_too_large`: mend the service that the line names.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};

const storageFailing: AlertDefinition = {
  name: "LokiStorageFailing",
  severity: "critical",
  meaning: "Loki cannot write its chunks or its write-ahead log, or a part of it panicked.",
  summary: "Loki {{ $labels.instance }} cannot keep what it takes in.",
  query: promql`
    increase(${loki.flushFailures}[15m]) > 0
    or increase(${loki.walDiskFull}[15m]) > 0
    or increase(${loki.panics}[15m]) > 0`,
  for: "2m",
  impact: "Lines it has accepted are in memory only, and are lost if it ends.",
  actions: [
    "Look for a full disk: `df -h <data directory>`. Do not restart it before there is space.",
    "With object storage: test the bucket and its credentials; Loki's log quotes the answer.",
    "A panic: keep the log's stack trace, and report it upstream.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};
