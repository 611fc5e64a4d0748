import { planQueues, type QueuePlan } from "../../components/collector/plan-queues.ts";
import { planGatewaySettings } from "../deploy/gateways.ts";
import type { Topology } from "../topology/topology.ts";

/** The queues of one gateway, or of each replica of a set. */
export interface QueueReport extends QueuePlan {
  readonly gateway: string;
}

export function reportQueues(topology: Topology): readonly QueueReport[] {
  return planGatewaySettings(topology).map((settings) => ({
    gateway: settings.placement.name,
    ...planQueues(settings),
  }));
}
