import * as pulumi from "@pulumi/pulumi";
import { Host, type HostArgs } from "../../components/runtime/host.ts";
import { planWaves, type Rollout, type WaveHost } from "../inventory/plan-waves.ts";

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
 * @param args - what runs on each host, by its name
 */
export function deployHosts({ hosts, environment }: Fleet, args: ReadonlyMap<string, HostArgs>): void {
  const deployed = hosts.filter(({ name }) => args.has(name));
  const deployHost = ({ name }: WaveHost, how: Pick<HostArgs, "untouched" | "after">) => {
    const host = args.get(name);
    return host === undefined ? [] : [new Host(name, { ...host, ...how }).installation];
  };
  for (const host of deployed) if (host.state === "quarantined") deployHost(host, { untouched: true });
  const waves = planWaves(deployed, environment.rollout);
  let gate: pulumi.Resource | undefined;
  for (const [index, wave] of waves.entries()) {
    const installed = wave.flatMap((host) => deployHost(host, { after: gate }));
    const isLast = index === waves.length - 1;
    if (!isLast) gate = new pulumi.Stash(`rollout-${index + 1}`, { input: index + 1 }, { dependsOn: installed });
  }
}
