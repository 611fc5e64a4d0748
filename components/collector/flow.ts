import { type Flow, planFlows } from "../pipeline/flow.ts";
import type { CollectorConfig } from "./config.ts";

/** Which source of a collector reaches which destination, by signal. */
export function planCollectorFlows({ connectors, service }: CollectorConfig): readonly Flow[] {
  return planFlows({ connectors, pipelines: service.pipelines });
}
