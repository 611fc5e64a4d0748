import type { PolicyResource } from "@pulumi/policy";
import type { Platform } from "../model.ts";
import type { EngineResource } from "./engine-resource.ts";
import { isRead, readPlatform } from "./platform.ts";
import { propsOf, sentBy } from "./sent.ts";
import { BUNDLE, isBundle } from "./ssh.ts";
import { openBundle } from "./tar.ts";

/** What a rule is handed of each resource. */
export type Handed = Pick<PolicyResource, "type" | "urn" | "props"> & {
  readonly opts: Pick<PolicyResource["opts"], "protect" | "ignoreChanges">;
};

const read = new WeakMap<object, Promise<Platform>>();

/**
 * The platform in a request of the engine. The SDK unpacks a request anew for each rule; what it hands on as it is,
 * such as the list of ignored changes, is the same object for all of them, so a thousand hosts are read once. Where it
 * hands on copies, each rule reads for itself.
 */
export function readRequest(resources: readonly Handed[]): Promise<Platform> {
  const [first] = resources;
  if (first === undefined) return Promise.resolve(readPlatform([]));
  const request = first.opts.ignoreChanges;
  const known = read.get(request);
  if (known !== undefined) return known;
  const platform = Promise.all(resources.map(toEngineResource)).then(readPlatform);
  read.set(request, platform);
  return platform;
}

async function toEngineResource({ type, urn, props, opts }: Handed): Promise<EngineResource> {
  const { protect } = opts;
  if (!isBundle({ type, urn })) return { type, urn, props: isRead(type) ? propsOf({ type, urn, props }) : {}, protect };
  return { type, urn, props: { [BUNDLE]: await openBundle(sentBy({ urn, props })) }, protect };
}
