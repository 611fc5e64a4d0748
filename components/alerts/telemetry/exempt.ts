import type { DatadogExemption } from "../alert.ts";

/** Prometheus fetches these series itself. */
export const NEVER_PASSES_A_GATEWAY: DatadogExemption = { exempt: "its series never pass a gateway" };
