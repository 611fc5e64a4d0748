import type { Problem } from "../../components/core/errors.ts";

/** A line of a `known_hosts` file that holds a key. */
export interface KnownKey {
  /** From 1. */
  readonly line: number;
  /** Whose it is, as written: names and patterns separated by commas, or one hashed name. */
  readonly names: string;
  /** `ssh-ed25519`, `ssh-rsa`, … */
  readonly type: string;
  /** Type and key, without the comment: what a host's `hostKey` holds. */
  readonly key: string;
  /** `revoked`: refused. `authority`: it signs hosts' certificates and is no host's own. */
  readonly marker?: "revoked" | "authority";
}

/** What is in a file, and everything in it that cannot be read. */
export interface ReadKnownHosts {
  readonly keys: readonly KnownKey[];
  readonly problems: readonly Problem[];
}

const MARKERS: Readonly<Record<string, KnownKey["marker"]>> = {
  "@revoked": "revoked",
  "@cert-authority": "authority",
};
/** Salt and HMAC-SHA1 are 20 bytes each. */
const HASHED = /^\|1\|[A-Za-z0-9+/]{27}=\|[A-Za-z0-9+/]{27}=$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a file of hosts' keys, as sshd(8) has it under "SSH_KNOWN_HOSTS FILE FORMAT". Pure.
 *
 * Keys of types that nobody here uses are read like any other.
 *
 * @param at - the place of a line, such as `stacks/known_hosts: line 4`
 */
export function parseKnownHosts(text: string, at: (line: number) => string): ReadKnownHosts {
  const keys: KnownKey[] = [];
  const problems: Problem[] = [];
  for (const [index, source] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const words = source.trim().split(/[ \t]+/);
    if (words[0] === "" || words[0]?.startsWith("#")) continue;
    const read = parseLine(words, index + 1);
    if (typeof read !== "string") keys.push(read);
    else problems.push(unreadable(at(index + 1), read));
  }
  return { keys, problems };
}

/** The key of a line, or what is wrong with it. */
function parseLine(words: readonly string[], line: number): KnownKey | string {
  const [first = ""] = words;
  const marker = MARKERS[first];
  if (first.startsWith("@") && marker === undefined) return `the unknown marker "${first}"`;
  const [names = "", type = "", key = ""] = marker === undefined ? words : words.slice(1);
  if (key === "") return `${words.length} ${words.length === 1 ? "word" : "words"} and no key`;
  if (names.startsWith("|") && !HASHED.test(names)) return "a hashed name that is not |1|<salt>|<hash>";
  if (!holdsKey(key, type)) return `a key that is not one of type ${type}, or not all of it`;
  return { line, names, type, key: `${type} ${key}`, ...(marker === undefined ? {} : { marker }) };
}

/** Whether the key is whole and of its type: a row of fields with their lengths, the type first (RFC 4253, section 6.6). */
function holdsKey(key: string, type: string): boolean {
  const blob = Buffer.from(key, "base64");
  const fields: Buffer[] = [];
  let begin = 0;
  while (begin + 4 <= blob.length) {
    const end = begin + 4 + blob.readUInt32BE(begin);
    fields.push(blob.subarray(begin + 4, end));
    begin = end;
  }
  return BASE64.test(key) && begin === blob.length && fields.length > 1 && fields[0]?.toString("latin1") === type;
}

function unreadable(path: string, got: string): Problem {
  const expected = "[@revoked | @cert-authority] <names> <type> <key>";
  return { path, expected, got, fix: "correct the line, or remove it and ask the host again with ssh-keyscan" };
}
