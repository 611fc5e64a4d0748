import type { Panel } from "./panel.ts";
import { traces } from "./panel-query.ts";

/** Traces with an error in a chosen service, half a row wide. */
export function failedRequests(told: Pick<Panel, "title" | "description">): Panel {
  return {
    ...told,
    kind: "traces",
    queries: [
      traces('{ status = error && resource.service.name =~ "$service_name" }', { absentWhile: "no request failed" }),
    ],
    unit: "{text}",
    empty: "No request failed.",
    width: 12,
  };
}
