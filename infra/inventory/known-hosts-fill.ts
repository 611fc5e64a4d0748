import type { Problem } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import { chooseKey, type KnownHosts } from "./known-hosts-choose.ts";
import { indexKnownHosts } from "./known-hosts-match.ts";
import { type KnownKey, parseKnownHosts } from "./known-hosts.ts";

/** An environment whose hosts have their keys, unless there are problems. */
export interface WithHostKeys {
  readonly environment: Environment;
  readonly problems: readonly Problem[];
}

/**
 * Gives ssh hosts and the bastion their keys from the file `ssh.knownHosts`. The file is used up, as an inventory's is;
 * with problems the environment stays as it was.
 *
 * @param readText - reads a file by its path from `stacks/`. Throws when there is none
 * @param at - the place of a key of the environment
 */
export function fillHostKeys(
  environment: Environment,
  readText: (path: string) => string,
  at: (path: string) => string,
): WithHostKeys {
  const { knownHosts, ...ssh } = environment.ssh;
  if (knownHosts === undefined) return { environment, problems: [] };
  const file = `stacks/${knownHosts}`;
  let text: string;
  try {
    text = readText(knownHosts);
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? String(error);
    const fix = `write ${file}, or correct ssh.knownHosts`;
    return { environment, problems: [{ path: at("ssh.knownHosts"), expected: `the file ${file}`, got, fix }] };
  }
  const { keys, problems: unreadable } = parseKnownHosts(text, (line) => `${file}: line ${line}`);
  const isRevoked = ({ marker }: KnownKey) => marker === "revoked";
  const known: KnownHosts = {
    find: indexKnownHosts(keys.filter((key) => !isRevoked(key))),
    findRevoked: indexKnownHosts(keys.filter(isRevoked)),
  };
  const problems: Problem[] = [...unreadable];
  const keyOf = (machine: Parameters<typeof chooseKey>[0], path: string): { readonly hostKey?: string } => {
    const choice = chooseKey(machine, known, { path: at(path), file });
    if ("key" in choice) return { hostKey: choice.key };
    problems.push(choice.problem);
    return {};
  };
  const { bastion } = ssh;
  const hosts = environment.hosts.map((host, index) => {
    const { runtime, address, port = ssh.port, hostKey } = host;
    // One without an address is refused for that.
    if (runtime !== "ssh" || address === undefined) return host;
    return { ...host, ...keyOf({ address, port, hostKey, from: bastion?.host }, `hosts[${index}].hostKey`) };
  });
  const through =
    bastion === undefined
      ? {}
      : { bastion: { ...bastion, ...keyOf({ ...bastion, address: bastion.host }, "ssh.bastion.hostKey") } };
  return problems.length > 0
    ? { environment, problems }
    : { environment: { ...environment, hosts, ssh: { ...ssh, ...through } }, problems };
}
