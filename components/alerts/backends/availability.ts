import { loki, scrape, tempo } from "../../signals/backends.ts";
import { countOf, promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { NEVER_PASSES_A_GATEWAY } from "../telemetry/exempt.ts";
import type { BackendsThresholds } from "./thresholds.ts";

/** Backends that do not answer, or answer with errors. */
export const availabilityAlerts = (
  thresholds: BackendsThresholds,
  inventory: Inventory,
): readonly AlertDefinition[] => [
  backendDown(inventory),
  ...(inventory.backends.includes("greptimedb") ? [greptimeDbUnhealthy] : []),
  requestsFailing(thresholds),
];

const backendDown = ({ prometheus, alertmanagers }: Inventory): AlertDefinition => {
  // Of a Prometheus that is not ours there may be others by that name.
  const own = [...(prometheus > 0 ? ["prometheus"] : []), ...(alertmanagers > 0 ? ["alertmanager"] : [])];
  const watched = [...own, "tempo", "loki", "jaeger", "grafana"].join("|");
  return {
    name: "BackendDown",
    severity: "warning",
    meaning: "A store, Grafana or an Alertmanager does not answer Prometheus.",
    summary: "{{ $labels.job }} {{ $labels.instance }} does not answer.",
    query: promql`${scrape.up}{job=~"${watched}"} == 0`,
    for: "2m",
    impact:
      "Gateways keep what is meant for a store on disk until their queues are full. A pair works on with one replica; without Grafana nobody sees panels, alerts go on.",
    actions: [
      "See which part fails: `npm run verify -- <stack>`.",
      "Read the end of its log: `docker logs --tail 100 gpu-observability-<stack>-<program>` or `kubectl -n gpu-observability logs --previous <pod>`; restart.md has the command of every program.",
      "Bring it back: `npm run up -- <stack>`; then watch the gateways' queues drain.",
    ],
    dashboard: "backends",
    datadog: NEVER_PASSES_A_GATEWAY,
    requirements: ["S4-41"],
  };
};

const greptimeDbUnhealthy: AlertDefinition = {
  name: "GreptimeDbUnhealthy",
  severity: "warning",
  meaning: "GreptimeDB does not answer, so that collectors cannot reach it.",
  summary: "GreptimeDB {{ $labels.instance }} does not answer.",
  query: promql`${scrape.up}{job="greptimedb"} == 0`,
  for: "2m",
  impact: "Gateways keep its traces, metrics and logs on disk until their queues are full; then they are lost to it.",
  actions: [
    "Ask its health check: `curl http://<host>:4000/health`; `docker ps` shows whether its container is healthy.",
    "Read the end of its log: `docker logs --tail 100 gpu-observability-<stack>-greptimedb` or `kubectl -n gpu-observability logs --previous greptimedb-0`.",
    "Bring it back: `npm run up -- <stack>`; then watch the gateways' queues drain.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S2-62"],
};

const requestsFailing = ({ requestErrors }: BackendsThresholds): AlertDefinition => ({
  name: "BackendRequestsFailing",
  severity: "warning",
  meaning: "Loki or Tempo answers many requests with an error of its own.",
  summary:
    "{{ $labels.job }} answers {{ $value | humanizePercentage }} of requests to {{ $labels.route }} with an error.",
  query: promql`
    sum by (job, route) (rate(${countOf(loki.requestDuration)}{route!="ready", status_code=~"5.."}[10m]))
    / sum by (job, route) (rate(${countOf(loki.requestDuration)}{route!="ready"}[10m])) > ${requestErrors}
    or sum by (job, route) (rate(${countOf(tempo.requestDuration)}{route!="ready", status_code=~"5.."}[10m]))
    / sum by (job, route) (rate(${countOf(tempo.requestDuration)}{route!="ready"}[10m])) > ${requestErrors}`,
  for: "5m",
  impact: "Writes are tried again and wait on gateways; reads fail in panels and in searches.",
  actions: [
    "The route tells writes from reads: `push` and `export` write, `query` and `search` read.",
    "Read its log for the same minutes: object storage that refuses, a full disk, or a limit.",
  ],
  knobs: ["alerts.backends.requestErrors"],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
});
