import type { Tree } from "../model.ts";
import type { EngineResource } from "./engine-resource.ts";
import { knownNow, knownOf } from "./known.ts";
import { PROCESS } from "./process.ts";
import { isBundle } from "./ssh.ts";

type Noted = Pick<EngineResource, "type" | "urn" | "props">;

/** What a host is sent, by the resource that copies it. */
const sent = new Map<string, unknown>();
/** What a process is started with, by its resource. */
const started = new Map<string, Tree>();

/**
 * Notes what the program gives, because the rules of a stack are handed what plugins answer. In a preview the official
 * `command` plugin answers that it does not know yet what it will have copied; in an `up` a dynamic resource answers with
 * its own state, which says neither name nor command. Without this, no rule could read a host's configuration before it is
 * there, or a process at all once it runs.
 */
export function noteSent({ type, urn, props }: Noted): void {
  if (isBundle({ type, urn }))
    sent.set(
      urn,
      knownNow(() => props["source"]),
    );
  if (type === PROCESS) started.set(urn, knownOf(props) as Tree);
}

/** What a host is sent: as the plugin says, else as the program said. */
export function sentBy({ urn, props }: Pick<EngineResource, "urn" | "props">): unknown {
  return knownNow(() => props["source"]) ?? sent.get(urn);
}

/** What a resource of a type that is read is made of: as the program said of a process, else as the plugin says. */
export function propsOf({ type, urn, props }: Noted): Tree {
  return (type === PROCESS ? started.get(urn) : undefined) ?? (knownOf(props) as Tree);
}
