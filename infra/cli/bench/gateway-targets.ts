import type { Port } from "./bench-collector.ts";

// What `bench -- gateway` measures, and where each part of it listens: one loopback address a collector.

/** The gateways of `local`: with everything on, and as they are, without a sampler. */
export const CASES = ["unsampled", "everything"] as const;
export type GatewayCase = (typeof CASES)[number];

/** Collectors that do less; see `comparisons.ts`. */
export const COMPARISONS = [
  "bare",
  "bareSnappy",
  "durable",
  "durableTuned",
  "durablePair",
  "durablePairTuned",
] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type Target = GatewayCase | Comparison;
export const TARGETS: readonly Target[] = [...COMPARISONS, ...CASES];

/** One loopback network per set of gateways: both sets run at the same time. */
export const NETWORKS: Readonly<Record<GatewayCase, string>> = { everything: "127.75.1", unsampled: "127.75.2" };

const OTHERS = "127.75.3";
export const SINK = `${OTHERS}.2`;
const SENDER = `${OTHERS}.3`;
/** Where the sink counts what arrives. */
export const SINK_METRICS: Port = { host: SINK, port: 8889 };

/** A collector of a comparison; a pair has a second one, which is handed half of the traces. */
export function addressOf(comparison: Comparison, index: 0 | 1 = 0): string {
  return `${OTHERS}.${10 + 2 * COMPARISONS.indexOf(comparison) + index}`;
}

/** Where a target takes OTLP/gRPC. */
export function entryOf(target: Target): Port {
  const host = isCase(target) ? `${NETWORKS[target]}.1` : addressOf(target);
  return { host, port: 14317 };
}

/** Where the sender takes what it sends to a target. */
export function senderOf(target: Target): Port {
  return { host: SENDER, port: 24318 + TARGETS.indexOf(target) };
}

/** Where the sink stands for the first or second backend of a comparison. */
export function backendOf(comparison: Comparison, backend: 1 | 2): Port {
  return { host: SINK, port: 4400 + 2 * COMPARISONS.indexOf(comparison) + backend };
}

/** Every address a certificate of the bench is for. */
export const HOSTS = [
  SINK,
  SENDER,
  ...COMPARISONS.flatMap((name) => [addressOf(name), addressOf(name, 1)]),
  ...Object.values(NETWORKS).flatMap((network) => [`${network}.1`, `${network}.2`]),
];

export function isCase(target: Target): target is GatewayCase {
  return target in NETWORKS;
}

export function isPair(comparison: Comparison): boolean {
  return comparison.startsWith("durablePair");
}
