import { ConfigError } from "../../components/core/errors.ts";

/** Variable that names the base of a mirror. */
export const RELEASES_VARIABLE = "GPU_OBSERVABILITY_RELEASES";

/** Where official archives and their checksums are fetched. */
export interface ReleaseSite {
  /** The mirror's base, without a slash at its end. @default each publisher's own server */
  readonly base?: string;
}

/**
 * Reads {@link RELEASES_VARIABLE}: `https://mirror.example.org/releases` serves
 * `https://github.com/a/b.tar.gz` as `https://mirror.example.org/releases/github.com/a/b.tar.gz`.
 *
 * @throws {ConfigError} when it is no address of a web server, or holds a password
 */
export function releaseSite(env: NodeJS.ProcessEnv): ReleaseSite {
  const text = env[RELEASES_VARIABLE] ?? "";
  if (text === "") return {};
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === "";
  if (isPlain && ["http:", "https:"].includes(url.protocol)) return { base: text.replace(/\/+$/, "") };
  throw new ConfigError([
    {
      path: `environment variable ${RELEASES_VARIABLE}`,
      expected: "the base of a mirror of releases, http or https, without a user, a password or a query",
      // A password may be part of it.
      got: url === undefined ? "no address" : `an address of ${url.protocol}//${url.host}`,
      fix: `${RELEASES_VARIABLE}=https://mirror.example.org/releases, or unset it`,
    },
  ]);
}

/** Where a file that its publisher offers at `address` is fetched. */
export function siteAddress(address: string, { base }: ReleaseSite): string {
  return base === undefined ? address : `${base}/${address.replace(/^https?:\/\//, "")}`;
}
