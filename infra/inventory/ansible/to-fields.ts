import type { Problem } from "../../../components/core/errors.ts";
import { didYouMean } from "../../../components/core/nearest.ts";
import { toFieldValue, WORD_KEYS } from "../fields.ts";
import type { Fields, Unread } from "../model.ts";
import { type AnsibleVariable, VAULT } from "./ansible-inventory.ts";

/** In front of the variables that are meant for this platform; the others are somebody else's. */
const OURS = "gpuobs_";
const LABEL = `${OURS}label_`;
/** Ansible's own that say the same as a key of a host. */
const THEIRS: Readonly<Record<string, string>> = {
  ansible_host: "address",
  ansible_ssh_host: "address",
  ansible_port: "port",
  ansible_ssh_port: "port",
  ansible_user: "user",
  ansible_ssh_user: "user",
};
const BY_KEY = "npm run secret -- <stack> sshPrivateKey < <file of the key>";
/** Ansible's own that say how to sign in, which a file of hosts cannot say here, and what does. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ansible_ssh_private_key_file: BY_KEY,
  ansible_private_key_file: BY_KEY,
  ansible_password: BY_KEY,
  ansible_ssh_pass: BY_KEY,
  ansible_ssh_common_args: "ssh: { bastion: { host: … } } in the stack file",
  ansible_ssh_extra_args: "ssh: { bastion: { host: … } } in the stack file",
  ansible_become_password: "ssh: { sudo: { password: <name of a secret> } } in the stack file",
  ansible_become_pass: "ssh: { sudo: { password: <name of a secret> } } in the stack file",
};
const BUILTIN = /^ansible\.builtin\./;
const SSH = ["ssh", "smart", "paramiko", "paramiko_ssh"];

/** `gpuobs_gpu_model` to `gpuModel`, and so on. */
const KEYS = new Map([...WORD_KEYS, "labels"].map((key) => [`${OURS}${toSnakeCase(key)}`, key]));

/** What variables of a host or a group say of it, and those that cannot be used. Others' variables are passed over. */
export function toFields(
  variables: ReadonlyMap<string, AnsibleVariable>,
  at: (line: number) => string,
): { readonly fields: Fields; readonly problems: readonly Problem[]; readonly unread: readonly Unread[] } {
  const fields: Record<string, unknown> = {};
  const labels: Record<string, unknown> = {};
  const problems: Problem[] = [];
  // Where both say it on one level, ours is meant for this platform.
  const inOrder = [...variables].sort(([left], [right]) => Number(isOurs(left)) - Number(isOurs(right)));
  for (const [name, { value, line }] of inOrder) {
    const problem = findProblem(name, value);
    if (problem !== undefined) problems.push({ path: at(line), ...problem });
    const key = KEYS.get(name) ?? THEIRS[name];
    if (problem !== undefined) continue;
    if (name.startsWith(LABEL)) labels[name.slice(LABEL.length)] = value === null ? value : String(value);
    else if (key !== undefined) fields[key] = typeof value === "string" ? toFieldValue(key, value) : value;
  }
  const own =
    Object.keys(labels).length === 0 ? {} : { labels: { ...(fields["labels"] as object | undefined), ...labels } };
  const unread = [...variables].flatMap(([name, { line }]) => {
    const instead = ELSEWHERE[name];
    return instead === undefined ? [] : [{ name, line, instead }];
  });
  return { fields: { ...fields, ...own }, problems, unread };
}

function findProblem(name: string, value: unknown): Omit<Problem, "path"> | undefined {
  if (isOurs(name) && !KEYS.has(name) && !name.startsWith(LABEL)) {
    const known = [...KEYS.keys(), `${LABEL}<key>`];
    const fix = `${didYouMean(name, known)}rename or remove it`;
    return { expected: `a variable among ${known.join(", ")}`, got: `unknown variable ${name}`, fix };
  }
  if (name === "ansible_connection" && !SSH.includes(String(value).replace(BUILTIN, "")))
    return {
      expected: "a host over ssh",
      got: `ansible_connection ${String(value)}`,
      fix: "take the GPU hosts alone: inventory.only: [<group>]",
    };
  if (!isOurs(name) && THEIRS[name] === undefined) return undefined;
  const fix = `write the value itself, or set the key in inventory.groups`;
  if (value === VAULT) return { expected: `a plain value of ${name}`, got: "one that a vault encrypts", fix };
  if (typeof value === "string" && /\{\{|\{%/.test(value))
    return { expected: `a plain value of ${name}`, got: "a template, which only Ansible can fill", fix };
  return undefined;
}

function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isOurs(name: string): boolean {
  return name.startsWith(OURS);
}
