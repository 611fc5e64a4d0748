import Docker from "dockerode";
import type { Properties } from "../values.ts";

const OWN_SOCKET = "unix:///var/run/docker.sock";

interface ProviderConfig {
  readonly host?: string;
  readonly caMaterial?: string;
  readonly certMaterial?: string;
  readonly keyMaterial?: string;
}

/** A client of the engine the provider is configured for. Connects when it is first asked something. */
export function toClient(config: Properties): Docker {
  const {
    host = process.env["DOCKER_HOST"] ?? OWN_SOCKET,
    caMaterial,
    certMaterial,
    keyMaterial,
  } = config as ProviderConfig;
  const url = new URL(host);
  if (url.protocol === "unix:") return new Docker({ socketPath: url.pathname });
  if (url.protocol === "ssh:") {
    const agent = process.env["SSH_AUTH_SOCK"];
    const sshOptions = agent === undefined ? {} : { agent };
    return new Docker({
      protocol: "ssh",
      host: url.hostname,
      port: Number(url.port || 22),
      username: url.username,
      sshOptions,
    });
  }
  const tls =
    caMaterial === undefined
      ? {}
      : { protocol: "https" as const, ca: caMaterial, cert: certMaterial, key: keyMaterial };
  return new Docker({ host: url.hostname, port: Number(url.port || 2375), ...(tls as object) });
}

/** Nothing when the engine does not have it. */
export async function found<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Removes what may be gone already. */
export async function forget(removed: Promise<unknown>): Promise<void> {
  await found(removed);
}
