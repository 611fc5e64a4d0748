import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../../core/errors.ts";

/** How a host is reached. */
export interface SshConnection {
  /** Name or address. */
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  /** @default root */
  readonly user?: string;
  /**
   * The host's public key, `ssh-ed25519 AAAA…`. Required: without it the plugin connects to whoever answers.
   *
   * Source: `ssh-keyscan`, compared with what the host itself says (`/etc/ssh/ssh_host_ed25519_key.pub`)
   */
  readonly hostKey: string;
  /** A secret. */
  readonly privateKey: pulumi.Input<string>;
  /** A secret. */
  readonly privateKeyPassword?: pulumi.Input<string>;
  /** Host the connection goes through. */
  readonly bastion?: Omit<SshConnection, "bastion" | "sudo">;
  /** How the user becomes root; `{ password }` is a secret. @default none for root, else passwordless */
  readonly sudo?: "none" | "passwordless" | { readonly password: pulumi.Input<string> };
}

/**
 * Types of hosts' keys that the plugin can compare; of several keys, the first of these. Not `ssh-rsa`: the plugin asks for
 * the type of the key as the only algorithm, which for that one is SHA-1, with which OpenSSH signs only where told to since 8.8.
 */
export const HOST_KEY_TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
] as const;
/** A key of these types as `ssh-keyscan` prints it behind the host's name. */
export const HOST_KEY = new RegExp(`^(${HOST_KEY_TYPES.join("|")}) [A-Za-z0-9+/]+={0,2}( .*)?$`);

/** Attempts, and seconds each, before a host counts as down: its resource fails, the others go on. */
const DIAL = { dialErrorLimit: 3, perDialTimeout: 10 } as const;
/**
 * Behind a bastion the first attempt is the last: for the next one the plugin would speak into the same connection, which
 * is closed by then, and say `EOF` where the first had said what was wrong.
 */
const BEHIND_BASTION = { ...DIAL, dialErrorLimit: 0 } as const;

/** Connections that would not verify the host they reach. */
export function findUnverified(host: string, { hostKey, bastion }: SshConnection): readonly Problem[] {
  const problem = (path: string, address: string, key: string): Problem[] =>
    HOST_KEY.test(key)
      ? []
      : [
          {
            path: `host ${host}: ${path}`,
            expected: "the host's public key, such as ssh-ed25519 AAAA…",
            got: key === "" ? "nothing" : JSON.stringify(key.slice(0, 40)),
            fix: `ssh-keyscan -t ed25519 ${address}, compared with /etc/ssh/ssh_host_ed25519_key.pub on the host`,
          },
        ];
  return [
    ...problem("connection.hostKey", addressOf(host, bastion), hostKey),
    ...(bastion === undefined ? [] : problem("connection.bastion.hostKey", bastion.host, bastion.hostKey)),
  ];
}

function addressOf(host: string, bastion: SshConnection["bastion"]): string {
  return bastion === undefined ? host : `${host} (from ${bastion.host})`;
}

/** The connection as @pulumi/command takes it. */
export function toConnectionArgs(connection: SshConnection, secret: <T>(value: pulumi.Input<T>) => pulumi.Output<T>) {
  const { bastion } = connection;
  const base = (
    { host, port = 22, user = "root", hostKey, privateKey, privateKeyPassword }: SshConnection,
    dial: typeof DIAL | typeof BEHIND_BASTION,
  ) => ({
    host,
    port,
    user,
    hostKey,
    privateKey: secret(privateKey),
    ...(privateKeyPassword === undefined ? {} : { privateKeyPassword: secret(privateKeyPassword) }),
    ...dial,
  });
  if (bastion === undefined) return base(connection, DIAL);
  return { ...base(connection, BEHIND_BASTION), proxy: base(bastion, DIAL) };
}

const CANNOT = "gpu-observability: $(id -un) cannot become root on this host, nothing was changed";

/** Asks sudo before anything is run, so that a refusal says what it is. */
const WITHOUT_PASSWORD = `
reason=$(sudo -n true 2>&1) || {
  echo "${CANNOT}: $reason; let its sudo ask for no password, or give it one in ssh.sudo" >&2
  exit 1
}
exec sudo -n "$@"
`;

/**
 * The password is the first line of standard input, and the rest is the program's. It is asked for alone at first: a
 * second attempt would take the next lines, which are secrets, for passwords. -k: sudo must always read it.
 */
const WITH_PASSWORD = `
IFS= read -r password
reason=$(printf "%s\\n" "$password" | sudo -k -S -p "" true 2>&1) || {
  echo "${CANNOT}: $(printf "%s" "$reason" | tr "\\n" " "); correct the password in ssh.sudo, or what sudo lets it do" >&2
  exit 1
}
{ printf "%s\\n" "$password"; exec cat; } | sudo -k -S -p "" "$@"
`;

/** Command words in front of a program that must run as root; that program's text may hold no apostrophe. */
export function sudoPrefix({ user = "root", sudo }: SshConnection): string {
  const kind = sudo ?? (user === "root" ? "none" : "passwordless");
  if (kind === "none") return "";
  return `sh -c '${kind === "passwordless" ? WITHOUT_PASSWORD : WITH_PASSWORD}' gpu-observability `;
}

/** The password sudo reads from standard input. */
export function sudoPassword({ sudo }: SshConnection): pulumi.Input<string> | undefined {
  return typeof sudo === "object" ? sudo.password : undefined;
}
