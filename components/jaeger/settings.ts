import type { GoDuration } from "../core/units.ts";
import type { Placement } from "../runtime/placement.ts";

export interface JaegerSettings {
  readonly placement: Placement<"query" | "queryGrpc" | "otlp" | "health" | "metrics">;
  /** `badger` keeps traces on disk; `memory` forgets them on a restart. */
  readonly storage: "memory" | "badger";
  readonly retention: GoDuration;
}
