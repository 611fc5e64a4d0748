import type { Address } from "../core/endpoint.ts";
import type { Placement } from "../runtime/placement.ts";

/** Where alerts go; the URL or key is read from a file of secrets. */
export type AlertReceiver =
  | { readonly kind: "webhook"; readonly name: string; readonly secret: string }
  | { readonly kind: "slack"; readonly name: string; readonly channel: string; readonly secret: string }
  | { readonly kind: "pagerduty"; readonly name: string; readonly secret: string };

export interface AlertmanagerSettings {
  readonly placement: Placement<"http" | "cluster">;
  /** Cluster addresses of the other replicas. */
  readonly peers: readonly Address[];
  /** None: alerts show on Alertmanager's own page and go nowhere else. */
  readonly receivers: readonly AlertReceiver[];
}
