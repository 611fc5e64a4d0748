import type { Problem } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import { scanFix } from "../inventory/known-hosts-scan.ts";
import type { Environment } from "./schema.ts";

type At = (path: string) => string;

/** Rules of how many hosts there are, what machines they are, what their state is, and who gets a change first. */
export function findHostStateProblems(environment: Environment, at: At): readonly Problem[] {
  return [
    ...noHosts(environment, at),
    ...missingHostKeys(environment, at),
    ...sharedMachines(environment, at),
    ...unfitStates(environment, at),
    ...unknownCanaries(environment, at),
    ...restingCanaries(environment, at),
  ];
}

function noHosts({ hosts }: Environment, at: At): readonly Problem[] {
  if (hosts.length > 0) return [];
  const fix = "add hosts: [{ name: gpu-1, … }], or inventory: { file: <path from stacks/> }";
  return [{ path: at("hosts"), expected: "at least one host", got: "none", fix }];
}

/** Where there is a file of host keys, reading it has told whose is missing. */
function missingHostKeys({ hosts, ssh }: Environment, at: At): readonly Problem[] {
  if (ssh.knownHosts !== undefined) return [];
  const problem = (path: string, fix: string): Problem => {
    const expected = "the host's public key: without it, whoever answers would be trusted";
    return {
      path,
      expected,
      got: "nothing",
      fix: `${fix}; for many hosts, such lines in a file that ssh.knownHosts names`,
    };
  };
  const remote = hosts.flatMap((host, index) =>
    host.runtime === "ssh" && host.hostKey === undefined
      ? [
          problem(
            at(`hosts[${index}].hostKey`),
            scanFix({ address: host.address ?? host.name, port: host.port ?? ssh.port, from: ssh.bastion?.host }),
          ),
        ]
      : [],
  );
  const { bastion } = ssh;
  if (bastion === undefined || bastion.hostKey !== undefined) return remote;
  return [...remote, problem(at("ssh.bastion.hostKey"), scanFix({ address: bastion.host, port: bastion.port }))];
}

/** Two hosts on one machine would install over each other at every change. */
function sharedMachines({ hosts, ssh }: Environment, at: At): readonly Problem[] {
  const machineOf = ({ address = "", port = ssh.port }: Environment["hosts"][number]) => `${address} port ${port}`;
  const remote = hosts.filter(({ runtime, address }) => runtime === "ssh" && address !== undefined);
  const first = new Map(remote.toReversed().map((host) => [machineOf(host), host]));
  return remote.flatMap((host) => {
    const machine = machineOf(host);
    const other = first.get(machine);
    if (other === undefined || other === host || other.name === host.name) return [];
    const path = at(`hosts[${hosts.indexOf(host)}].address`);
    const got = `${machine}, already that of ${other.name}`;
    return [{ path, expected: "a machine no other host has", got, fix: `correct the address, or remove ${host.name}` }];
  });
}

function unfitStates({ hosts }: Environment, at: At): readonly Problem[] {
  return hosts.flatMap(({ name, runtime, state }, index) => {
    const path = at(`hosts[${index}].state`);
    if (runtime === "kubernetes" && state !== "active") {
      const fix = "remove state; drain nodes with kubectl, and silence their alerts in Alertmanager";
      return [{ path, expected: "active for a pool: its nodes are drained one by one", got: state, fix }];
    }
    if (runtime !== "ssh" && state === "quarantined")
      return [
        { path, expected: "active or drained: only an ssh host is left alone", got: state, fix: `remove ${name}` },
      ];
    return [];
  });
}

function unknownCanaries({ hosts, rollout }: Environment, at: At): readonly Problem[] {
  const known = new Set(
    hosts.filter(({ runtime }) => runtime === "ssh").flatMap(({ name, groups }) => [name, ...groups]),
  );
  return rollout.canaries.flatMap((canary, index) => {
    if (known.has(canary)) return [];
    const expected = "the name of an ssh host, or of a group with one";
    const fix = `${didYouMean(canary, [...known])}correct it: nobody would go first`;
    return [{ path: at(`rollout.canaries[${index}]`), expected, got: `"${canary}"`, fix }];
  });
}

/** Canaries that are all drained or in quarantine: the first wave would be everybody else's. */
function restingCanaries({ hosts, rollout: { canaries } }: Environment, at: At): readonly Problem[] {
  const named = hosts.filter(
    ({ runtime, name, groups }) => runtime === "ssh" && [name, ...groups].some((one) => canaries.includes(one)),
  );
  if (named.length === 0 || named.some(({ state }) => state === "active")) return [];
  const got = named.map(({ name, state }) => `${name}, which is ${state}`).join(", ");
  const fix = "name another host: nobody would go first";
  return [{ path: at("rollout.canaries"), expected: "at least one active host", got, fix }];
}
