import type { PrometheusDuration } from "../core/units.ts";
import type { BlockStorage } from "../runtime/object-storage.ts";
import type { Placement } from "../runtime/placement.ts";

export interface LokiSettings {
  readonly placement: Placement<"http" | "grpc">;
  readonly retention: PrometheusDuration;
  readonly storage: BlockStorage;
}
