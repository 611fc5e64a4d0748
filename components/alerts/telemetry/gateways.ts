import { scrape } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { NEVER_PASSES_A_GATEWAY } from "./exempt.ts";

/** Gateways that do not answer. */
export const gatewayAlerts = ({ gateways }: Inventory): readonly AlertDefinition[] =>
  gateways === 0 ? [] : [gatewayDown, allGatewaysDown];

const gatewayDown: AlertDefinition = {
  name: "GatewayDown",
  severity: "warning",
  meaning: "A gateway does not answer Prometheus.",
  summary: "Gateway {{ $labels.instance }} does not answer.",
  query: promql`${scrape.up}{job="gateway"} == 0`,
  for: "2m",
  impact: "Agents send to the other gateway; if that one fails too, they keep their data on disk until it is full.",
  actions: [
    "See which part fails: `npm run verify -- <stack>`.",
    "Read why it ended, the end of its log first: `docker logs --tail 100 gpu-observability-<stack>-<gateway>` or `kubectl -n gpu-observability logs --previous <pod>`; restart.md has the command of every gateway.",
    "Ended for memory: raise `gateways.memoryMiB`. Queue on a full disk: free it, the queue continues where it stopped.",
    "Bring it back: `npm run up -- <stack>`.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S4-41"],
};

const allGatewaysDown: AlertDefinition = {
  name: "AllGatewaysDown",
  severity: "critical",
  meaning: "No gateway answers Prometheus: nothing that hosts measure is stored.",
  summary: "No gateway answers.",
  query: promql`(count(${scrape.up}{job="gateway"} == 1) or vector(0)) == 0`,
  for: "2m",
  impact: "Alerts about hosts, GPUs and workloads are blind; agents lose data once their queues on disk are full.",
  actions: [
    "See what they have in common, such as network, certificates or a change just made: `npm run verify -- <stack>`.",
    "Read the end of each gateway's log; a configuration that is not accepted is named in its last line.",
    "Go back to the last configuration that worked and bring it up: `npm run up -- <stack>`.",
    "Once one is back, watch agents' queues empty on the dashboard.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S4-41", "S4-43"],
};
