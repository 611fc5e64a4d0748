/** A `host:port` pair; IPv6 hosts are written in brackets by {@link toAddress}. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with brackets around an IPv6 host. */
export function toAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The two parts of a `host:port`; what the schema of an environment has checked. */
export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** `scheme://host:port` and an optional path. */
export function toEndpoint(scheme: "http" | "https", address: Address, path = ""): string {
  return `${scheme}://${toAddress(address)}${path}`;
}

/** Port of a URL, where it names none that of its scheme. */
export function portOfUrl(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
