import type { PrometheusDuration } from "../core/units.ts";
import type { BlockStorage } from "../runtime/object-storage.ts";
import type { RingPlacement } from "../runtime/ring.ts";

/**
 * Several copies (`placement.replicas`, 3 or more) need a bucket, or a folder that all of them share, and the variables
 * POD_NAME and POD_IP in the environment of each.
 */
export interface LokiSettings {
  readonly placement: RingPlacement;
  readonly retention: PrometheusDuration;
  readonly storage: BlockStorage;
  /** Disk of one copy in MiB: with a bucket what is not there yet, else everything. @default 20480 */
  readonly volumeMiB?: number;
}
