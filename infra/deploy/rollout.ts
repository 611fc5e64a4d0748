import * as pulumi from "@pulumi/pulumi";
import { type DeliveryArgs, makeDeliveries } from "../../components/runtime/delivery.ts";
import type { HostRuntime } from "../../components/runtime/host-runtime.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { planWaves, type Rollout, type WaveHost } from "../inventory/plan-waves.ts";

/** Everything that runs on one host. */
export interface HostWorkloads {
  readonly workloads: readonly Workload[];
  readonly runtime: HostRuntime;
}

/** What decides who is reached when. */
export interface Fleet {
  readonly hosts: readonly WaveHost[];
  readonly environment: { readonly rollout: Rollout };
}

/**
 * Deploys hosts wave by wave: none is reached before every host of the wave in front of it has passed its health check.
 * Between two waves stands one small resource, `rollout-<n>`, so that the dependencies grow with the hosts and not with
 * their square. It holds nothing that changes. Hosts in quarantine are in no wave: they stay as they are.
 *
 * @param workloads - what runs on each host, by its name
 * @throws ConfigError when a workload asks for a certificate and there is no authority
 */
export function deployHosts(
  { hosts, environment }: Fleet,
  workloads: ReadonlyMap<string, HostWorkloads>,
  args: DeliveryArgs,
): void {
  const deployed = hosts.filter(({ name }) => workloads.has(name));
  const deliveries = makeDeliveries(
    [...workloads.values()].flatMap((host) => host.workloads),
    args,
  );
  const deliveryOf = ({ name }: Workload) => deliveries.get(name) ?? { secrets: args.secrets };
  const install = ({ name }: WaveHost, opts: pulumi.CustomResourceOptions) => {
    const host = workloads.get(name);
    if (host === undefined) return [];
    const parts = host.workloads.map((workload) => ({ workload, delivery: deliveryOf(workload) }));
    return [host.runtime.deployHost(name, parts, opts)];
  };
  for (const host of deployed) if (host.state === "quarantined") install(host, UNTOUCHED);
  const waves = planWaves(deployed, environment.rollout);
  let gate: pulumi.Resource | undefined;
  for (const [index, wave] of waves.entries()) {
    const after = gate === undefined ? {} : { dependsOn: [gate] };
    const installed = wave.flatMap((host) => install(host, after));
    const isLast = index === waves.length - 1;
    if (!isLast) gate = new pulumi.Stash(`rollout-${index + 1}`, { input: index + 1 }, { dependsOn: installed });
  }
}

/**
 * Keeps what is installed, whatever this program says now: every input stays as the state has it, so there is never
 * anything to do, and a host that is taken out is forgotten, not cleaned.
 */
const UNTOUCHED: pulumi.CustomResourceOptions = { ignoreChanges: ["*"], retainOnDelete: true };
