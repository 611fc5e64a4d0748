import type { PrometheusDuration } from "../core/units.ts";
import type { ObjectStorage } from "../runtime/object-storage.ts";
import type { Placement } from "../runtime/placement.ts";

/**
 * GreptimeDB's HTTP listener has no TLS upstream: on one machine it binds loopback, elsewhere it must stay on
 * a network of its own.
 */
export interface GreptimedbSettings {
  readonly placement: Placement<"http" | "grpc" | "mysql" | "postgres">;
  readonly retention: PrometheusDuration;
  /** Disk of one copy, in MiB. @default 20 GiB */
  readonly volumeMiB?: number;
  /** Where tables go; what is not yet a table file stays on the volume. @default disk */
  readonly storage?: GreptimedbStorage | undefined;
}

/** It trusts the authorities of its image and cannot be told of another. */
export type GreptimedbStorage = { readonly kind: "disk" } | Omit<ObjectStorage, "authority">;
