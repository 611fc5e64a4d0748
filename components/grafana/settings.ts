import type { Address } from "../core/endpoint.ts";
import type { Placement } from "../runtime/placement.ts";

/** Backends Grafana reads, where the environment has them. */
export interface GrafanaSources {
  readonly prometheus?: Address;
  readonly alertmanager?: Address;
  readonly tempo?: Address;
  readonly loki?: Address;
  readonly jaeger?: Address;
}

export interface GrafanaSettings {
  readonly placement: Placement<"http">;
  readonly sources: GrafanaSources;
}
