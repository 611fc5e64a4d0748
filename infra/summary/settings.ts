import { hashOf } from "../../components/core/hash.ts";
import type { Environment } from "../environment/schema.ts";
import type { Change } from "./change.ts";
import { compare } from "./compare.ts";

/** In front of what is said of a host's connection; its own words would fill the state with keys. */
const CONNECTION = "connection of ";

/**
 * What no other part of the summary tells and a reviewer must see: how clusters, hosts and engines are reached, what
 * is let in, and how often what is measured. Path to value; secrets stand in an environment by name alone.
 */
export function planSettings(environment: Environment): Readonly<Record<string, string>> {
  const { kubernetes, ssh, docker, certificates, gateways, hosts, metrics } = environment;
  // The mirror is told with the images.
  const cluster = Object.fromEntries(Object.entries(kubernetes).filter(([key]) => key !== "imageRegistry"));
  const connections = hosts
    .filter(({ runtime }) => runtime === "ssh")
    .map(({ name, address, user, port, hostKey }) => [
      `${CONNECTION}${name}`,
      hashOf({ address, user, port, hostKey }).slice(0, 12),
    ]);
  return {
    ...leavesOf("kubernetes", cluster),
    ...leavesOf("ssh", ssh),
    ...leavesOf("docker", docker),
    ...leavesOf("certificates", certificates),
    ...leavesOf("prometheus.external", withoutCertificate(environment.prometheus.external)),
    ...leavesOf("greptimedb.external", withoutCertificate(environment.greptimedb.external)),
    ...leavesOf("metrics", metrics),
    "gateways.addresses": gateways.addresses.join(", "),
    ...(Object.fromEntries(connections) as Record<string, string>),
  };
}

/** Settings that differ; a new host's connection is told with the host. */
export function diffSettings(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  const isOwn = ([path]: readonly [string, ...unknown[]]) => !path.startsWith(CONNECTION);
  return [
    ...added.filter(isOwn).map(([path, value]) => `${path} ${value}, new`),
    ...removed.filter(isOwn).map(([path, value]) => `${path} ${value}, gone`),
    ...kept.map(([path, old, value]) =>
      path.startsWith(CONNECTION) ? `${path} changed` : `${path} ${old || "nothing"} -> ${value || "nothing"}`,
    ),
  ].map((what) => ({ group: "settings", what, of: [] }));
}

/** A certificate fills a page. */
function withoutCertificate({ authority, ...rest }: { readonly authority?: string | undefined } = {}): object {
  return { ...rest, ...(authority === undefined ? {} : { authority: hashOf(authority).slice(0, 12) }) };
}

function leavesOf(path: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const isTree = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isTree) return { [path]: Array.isArray(value) ? value.map(toText).join(", ") : toText(value) };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => leavesOf(`${path}.${key}`, inner)),
  ) as Readonly<Record<string, string>>;
}

function toText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
