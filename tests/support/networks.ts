/**
 * Loopback networks of tests, the first three numbers each. Files run side by side and so do tiers: no two entries may
 * be the same. Benches use 127.75.x; a user's `local` is on 127.0.0.
 */
export const NETWORKS = {
  badInput: "127.74.0",
  interrupted: "127.69.0",
  drift: "127.70.0",
  lifecycle: "127.71.0",
  live: "127.79.0",
  loss: "127.72.0",
  sampling: "127.76.0",
  upgrade: "127.77.0",
  workloads: "127.73.0",
  /** Configurations that are judged where they stand; nothing listens. */
  judged: "127.99.0",
  /** Collectors of `tests/config/start.test.ts`. */
  started: "127.99.1",
  alertmanagers: "127.99.2",
  testAlert: "127.99.6",
  agentOfNode: "127.99.3",
  redaction: "127.99.4",
  datadog: "127.98.0",
  existingPrometheus: "127.98.8",
  externalPrometheus: "127.98.9",
  replicatedLoki: "127.66.0",
  replicatedTempo: "127.66.1",
  replicatedJudges: "127.66.2",
  plain: "127.68.0",
  policyLocal: "127.66.5",
  policyContainers: "127.66.6",
  releases: "127.67.0",
  fromReleases: "127.67.1",
  console: "127.66.8",
} as const;
