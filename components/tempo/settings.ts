import type { PrometheusDuration } from "../core/units.ts";
import type { BlockStorage } from "../runtime/object-storage.ts";
import type { Placement } from "../runtime/placement.ts";

export interface TempoSettings {
  readonly placement: Placement<"http" | "grpc" | "otlp">;
  readonly retention: PrometheusDuration;
  readonly storage: BlockStorage;
}
