import { scrape } from "../../signals/backends.ts";
import { promql, type Query } from "../../signals/query.ts";
import { recordingRule, type RecordingRule } from "../../signals/recording.ts";
import type { Inventory } from "../area.ts";

const expectedBy = (query: Query, staticLabels?: Readonly<Record<string, string>>): RecordingRule =>
  recordingRule(
    "host:gpu_expected:count",
    "{gpu}",
    "GPUs a host must have, by the environment's inventory.",
    ["host.name"],
    query,
    staticLabels === undefined ? {} : { staticLabels },
  );

/** Names of the hosts that are not pools, as a regular expression. */
export function namedHosts({ hosts }: Inventory): string {
  return hosts
    .filter(({ pool }) => !pool)
    .map(({ name }) => name)
    .join("|");
}

/**
 * What must be there: each host by name, whether it speaks or not, unless it is drained or in quarantine, and every other
 * host with an agent as a node of the pool. Nodes do not say which pool they are of, so with several pools the smallest
 * number counts.
 */
export function expectedGpus(inventory: Inventory): readonly RecordingRule[] {
  const named = inventory.hosts
    .filter(({ pool, expected = true }) => !pool && expected)
    .map(({ name, gpus }) => expectedBy(promql`vector(${gpus})`, { host_name: name }));
  const pools = inventory.hosts.filter(({ pool }) => pool).map(({ gpus }) => gpus);
  if (pools.length === 0) return named;
  const nodes = promql`group by (host_name) (${scrape.up}{job="agent", host_name!~"${namedHosts(inventory)}"})`;
  return [...named, expectedBy(promql`${Math.min(...pools)} * ${nodes}`)];
}

/** The series those rules give; it is read by this name only. */
export const gpusExpected: RecordingRule = expectedBy(promql`vector(0)`);
