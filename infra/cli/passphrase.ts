import { createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../components/core/errors.ts";

const TEXT = "PULUMI_CONFIG_PASSPHRASE";
const FILE = "PULUMI_CONFIG_PASSPHRASE_FILE";

/** The variables that give the engine its passphrase: the user's own, or one that nobody chose. */
export function passphraseVariables(folder: string, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  if (env[TEXT] !== undefined || env[FILE] !== undefined) return {};
  const file = join(folder, "passphrase");
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return { [FILE]: file };
}

/**
 * What is wrong with the passphrase, when a command of the engine has failed; nothing where it is the right one.
 *
 * @param salt - `encryptionsalt` of the stack
 */
export function findWrongPassphrase(stack: string, salt: string, env: NodeJS.ProcessEnv): readonly Problem[] {
  const [path, passphrase] = readPassphrase(env);
  if (salt === "" || passphrase === undefined || opens(salt, passphrase)) return [];
  return [
    {
      path,
      expected: `the passphrase that the secrets of ${stack} were encrypted with`,
      got: "another one",
      fix: `give the former one; whoever has lost it removes the stack from the backend and begins anew`,
    },
  ];
}

function readPassphrase(env: NodeJS.ProcessEnv): readonly [place: string, passphrase: string | undefined] {
  const text = env[TEXT];
  if (text !== undefined && text !== "") return [`environment variable ${TEXT}`, text];
  const file = env[FILE] ?? "";
  return [file, existsSync(file) ? readFileSync(file, "utf8").trim() : undefined];
}

/**
 * Whether a passphrase opens what the engine wrote to know it again: the word `pulumi`, encrypted with AES-256-GCM by a key
 * of PBKDF2 (SHA-256, a million rounds). Source: Pulumi's `pkg/secrets/passphrase/manager.go`, `sdk/go/common/resource/config/crypt.go`.
 */
function opens(encryptionsalt: string, passphrase: string): boolean {
  const [version, salt = "", inner, nonce = "", sealed = ""] = encryptionsalt.split(":");
  if (version !== "v1" || inner !== "v1") return true;
  const bytes = (text: string) => Buffer.from(text, "base64");
  const key = pbkdf2Sync(passphrase, bytes(salt), 1_000_000, 32, "sha256");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes(nonce));
  const data = bytes(sealed);
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]).toString() === "pulumi";
  } catch {
    return false;
  }
}

const TAG_BYTES = 16;
