import { createHash, createHmac } from "node:crypto";

/** A made-up host key: a whole one in form, of nobody. */
export function hostKey(type: string, seed: string): string {
  const value = createHash("sha256").update(`${type} ${seed}`).digest();
  const rest = type === "ssh-ed25519" ? [value] : [Buffer.from("field"), value];
  const blob = Buffer.concat([Buffer.from(type), ...rest].flatMap((field) => [lengthOf(field), field]));
  return `${type} ${blob.toString("base64")}`;
}

/** A name as `HashKnownHosts` leaves it. */
export function hashed(name: string, seed = name): string {
  const salt = createHash("sha1").update(seed).digest();
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(field.length);
  return length;
}
