import type { Problem } from "../../components/core/errors.ts";

/** What is said of a host or a group, before anything is checked: keys of a host in a stack file. */
export type Fields = Readonly<Record<string, unknown>>;

/** Something a file says that is not read, although it looks as if it were. */
export interface Unread {
  /** The name it stands under, such as `ansible_ssh_private_key_file`. */
  readonly name: string;
  readonly line: number;
  /** Where the same is said here. */
  readonly instead: string;
}

/** A host as a file has it. */
export interface HostEntry {
  readonly name: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Its groups; where two say different things, the later one counts. */
  readonly groups: readonly string[];
  /** What it says for itself. */
  readonly fields: Fields;
  /** What of it cannot be used; of no concern where the host is left out. @default none */
  readonly problems?: readonly Problem[];
  /** @default none */
  readonly unread?: readonly Unread[];
}

/** What a group says of its hosts; `all` of every host. */
export interface GroupEntry {
  readonly line: number;
  readonly fields: Fields;
  /** What of it cannot be used; of no concern where none of its hosts is taken. @default none */
  readonly problems?: readonly Problem[];
  /** @default none */
  readonly unread?: readonly Unread[];
}

/** A file with hosts, whatever its format. */
export interface InventoryFile {
  readonly hosts: readonly HostEntry[];
  readonly groups: Readonly<Record<string, GroupEntry>>;
}

/** What a reader made of a file, and everything in it that it could not use. */
export interface ReadInventory extends InventoryFile {
  readonly problems: readonly Problem[];
}

/**
 * Reads one format. Pure.
 *
 * @param at - the place of a line, such as `stacks/hosts.csv: line 4`
 */
export type InventoryReader = (text: string, at: (line: number) => string) => ReadInventory;

/** The group of all hosts. */
export const ALL = "all";
