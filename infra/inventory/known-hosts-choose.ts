import type { Problem } from "../../components/core/errors.ts";
import { HOST_KEY_TYPES } from "../../components/runtime/ssh/connection.ts";
import type { FindKeys } from "./known-hosts-match.ts";
import { type Machine, namesOf, scanFix } from "./known-hosts-scan.ts";
import type { KnownKey } from "./known-hosts.ts";

/** The key a machine must show, or why there is none. */
export type Choice = { readonly key: string } | { readonly problem: Problem };

interface Asked extends Machine {
  /** The key it is given elsewhere, which counts more. */
  readonly hostKey?: string | undefined;
}

/** Where problems are told: the key's place, and the file. */
interface Places {
  readonly path: string;
  readonly file: string;
}

/** The lines of a file. */
export interface KnownHosts {
  readonly find: FindKeys;
  /** Those marked `@revoked` alone, which {@link find} leaves out. */
  readonly findRevoked: FindKeys;
}

/**
 * The key of a machine: the one it is given, which the file must not contradict, else the file's. Pure.
 *
 * A key that is revoked under the name without the port counts as revoked at every port, which OpenSSH does not demand.
 */
export function chooseKey(machine: Asked, { find, findRevoked }: KnownHosts, places: Places): Choice {
  const names = namesOf(machine);
  const isOwn = ({ marker }: KnownKey) => marker === undefined;
  const found = names.reduce<readonly KnownKey[]>(
    (lines, name) => (lines.some(isOwn) ? lines : [...lines, ...find(name)]),
    [],
  );
  const own = found.filter(isOwn);
  const revoked = names.flatMap(findRevoked);
  if (machine.hostKey !== undefined) return checkGiven(machine, machine.hostKey, { own, revoked, places });
  const valid = own.filter(({ key }) => !revoked.some((other) => other.key === key));
  if (own.length > 0 && valid.length === 0) return revokedProblem(machine, own, { revoked, places });
  const type = HOST_KEY_TYPES.find((one) => valid.some((key) => key.type === one));
  const usable = valid.filter((key) => key.type === type);
  const [first] = usable;
  const { path, file } = places;
  if (first === undefined) {
    const expected = `the key of ${names.join(" or ")} in ${file}`;
    const fix = `${scanFix(machine)}, into ${file}`;
    return {
      problem: { path, expected, got: describe([...valid, ...found.filter((line) => !isOwn(line)), ...revoked]), fix },
    };
  }
  if (usable.every(({ key }) => key === first.key)) return { key: first.key };
  const expected = `one ${first.type} key of ${machine.address} in ${file}`;
  const fix = "remove the old one, or name the right one in hostKey";
  return { problem: { path, expected, got: `different ones in ${linesOf(usable)}`, fix } };
}

interface Found {
  readonly own: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
  readonly places: Places;
}

function checkGiven(machine: Machine, hostKey: string, { own, revoked, places }: Found): Choice {
  const given = hostKey.split(" ").slice(0, 2).join(" ");
  if (revoked.some(({ key }) => key === given)) return revokedProblem(machine, [{ key: given }], { revoked, places });
  if (own.length === 0 || own.some(({ key }) => key === given)) return { key: hostKey };
  const { path, file } = places;
  const expected = `a key of ${machine.address} in ${file}, ${linesOf(own)}`;
  const fix = `${scanFix(machine)}: it probably has a new key; correct the one that is old`;
  return { problem: { path, expected, got: `another: ${given}`, fix } };
}

function revokedProblem(
  machine: Machine,
  keys: readonly { readonly key: string }[],
  { revoked, places: { path, file } }: Pick<Found, "revoked" | "places">,
): Choice {
  const lines = linesOf(revoked.filter((line) => keys.some(({ key }) => key === line.key)));
  const fix = `give the host a new key; then ${scanFix(machine)}, into ${file}`;
  return { problem: { path, expected: "a key that is not revoked", got: `one that ${file} revokes in ${lines}`, fix } };
}

/** What there is in the place of a usable key. */
function describe(keys: readonly KnownKey[]): string {
  const kinds = [
    ["keys of types the plugin cannot compare", keys.filter(({ marker }) => marker === undefined)],
    ["a revoked key", keys.filter(({ marker }) => marker === "revoked")],
    [
      "a certificate authority, while the plugin compares plain keys",
      keys.filter(({ marker }) => marker === "authority"),
    ],
  ] as const;
  const told = kinds.filter(([, lines]) => lines.length > 0).map(([what, lines]) => `${what} (${linesOf(lines)})`);
  return told.length === 0 ? "nothing" : `only ${told.join(", ")}`;
}

function linesOf(keys: readonly KnownKey[]): string {
  const lines = [...new Set(keys.map(({ line }) => line))];
  return `${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`;
}
