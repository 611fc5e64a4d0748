import type { PrometheusDuration } from "../core/units.ts";
import type { Placement } from "../runtime/placement.ts";

/**
 * GreptimeDB's HTTP listener has no TLS upstream: on one machine it binds loopback, elsewhere it must stay on
 * a network of its own.
 */
export interface GreptimedbSettings {
  readonly placement: Placement<"http" | "grpc" | "mysql" | "postgres">;
  readonly retention: PrometheusDuration;
}
