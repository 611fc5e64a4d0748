import type { EngineResource } from "./engine-resource.ts";
import { knownNow } from "./known.ts";
import { isBundle } from "./ssh.ts";

/** What a host is sent, by the resource that copies it. */
const sent = new Map<string, unknown>();

/**
 * Notes what the program sends a host. The rules judge what plugins answer, and in a preview the official `command` plugin
 * answers that it does not know yet what it will have copied: without this, none of them could read a host's configuration
 * before it is there.
 */
export function noteSent({ type, urn, props }: Pick<EngineResource, "type" | "urn" | "props">): void {
  if (isBundle({ type, urn }))
    sent.set(
      urn,
      knownNow(() => props["source"]),
    );
}

/** What a host is sent: as the plugin says, else as the program said. */
export function sentBy({ urn, props }: Pick<EngineResource, "urn" | "props">): unknown {
  return knownNow(() => props["source"]) ?? sent.get(urn);
}
