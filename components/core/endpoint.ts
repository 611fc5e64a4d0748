/** A `host:port` pair; IPv6 hosts are written in brackets by {@link toAddress}. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with brackets around an IPv6 host. */
export function toAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `scheme://host:port` and an optional path. */
export function toEndpoint(scheme: "http" | "https", address: Address, path = ""): string {
  return `${scheme}://${toAddress(address)}${path}`;
}
