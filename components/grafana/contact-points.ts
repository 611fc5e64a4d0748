import type { GrafanaContactPoint } from "./content.ts";
import type { GrafanaReceiver } from "./settings.ts";

/** The receivers of Alertmanager as contact points of Grafana. */
export function planContactPoints(receivers: readonly GrafanaReceiver[]): readonly GrafanaContactPoint[] {
  return receivers.map((receiver) => ({
    uid: receiver.name,
    name: receiver.name,
    type: receiver.kind,
    settings: receiver.kind === "slack" ? { recipient: receiver.channel } : {},
    address: { secret: receiver.secret },
  }));
}
