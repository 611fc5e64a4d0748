import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";

/** A dead man's switch: somebody outside expects it, and calls when it stops (S4-43). */
export const watchdog: AlertDefinition = {
  name: "Watchdog",
  severity: "info",
  meaning: "It always fires, so that its absence shows that alerts no longer reach anybody.",
  summary: "Alerting works.",
  query: promql`vector(1)`,
  impact: "While it is missing, no alert is evaluated or delivered.",
  actions: [
    "Nothing while it fires; where it stopped, look for a Prometheus that answers: `npm run verify -- <stack>`.",
    "Compare the alerts of each Prometheus with those of each Alertmanager: what is between them has failed.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: { exempt: "Datadog watches its own monitors; this switch watches Prometheus and Alertmanager" },
  requirements: ["S4-43"],
};
