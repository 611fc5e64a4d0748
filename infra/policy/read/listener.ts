import type { Tree, Unit } from "../model.ts";
import { argument, fileOf } from "./file.ts";
import { at, isTree, textAt } from "./known.ts";

/** One listening port as the program's own configuration states it. */
export interface Listening {
  /** What answers there: `receiver otlp grpc`, `web`. */
  readonly name: string;
  /** Empty means every address. */
  readonly host: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "tcp+udp";
  /** `none`: plain text; `server`: encrypted, anybody may connect; `mutual`: clients show a certificate. */
  readonly tls: "none" | "server" | "mutual";
}

/** Splits `host:port`; a reference such as `${env:POD_IP}:4317` keeps its reference as host. */
export function toAddress(text: string): { readonly host: string; readonly port: number } {
  const index = text.lastIndexOf(":");
  return { host: text.slice(0, Math.max(index, 0)).replace(/^\[|\]$/g, ""), port: Number(text.slice(index + 1)) };
}

/** TLS of a server of the collector: a certificate, and whose clients it asks for one. */
export function collectorTls(server: unknown): Listening["tls"] {
  if (textAt(server, "tls", "cert_file") === "" && textAt(server, "tls", "cert_pem") === "") return "none";
  return textAt(server, "tls", "client_ca_file") === "" ? "server" : "mutual";
}

/** TLS of a server of the Prometheus exporter toolkit or dskit: the block that names its certificate. */
export function webTls(block: unknown): Listening["tls"] {
  if (textAt(block, "cert_file") === "") return "none";
  return textAt(block, "client_auth_type") === "RequireAndVerifyClientCert" ? "mutual" : "server";
}

/** TLS that a web configuration file gives, by the argument that names it. */
export function webFileTls(unit: Unit, ...names: readonly string[]): Listening["tls"] {
  const path = argument(unit, ...names);
  if (path === undefined) return "none";
  const file = fileOf(unit, path) ?? fileOf(unit, path.split("/").at(-1) ?? path);
  return webTls(at(file, "tls_server_config"));
}

/** Whether an address is only reached from the same machine or pod. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** Whether an address is every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === "" || host === "0.0.0.0" || host === "::" || host === "*";
}

/** The servers of a component: itself or what stands below `protocols`. */
export function endpointsOf(component: unknown): readonly (readonly [string, Tree])[] {
  if (!isTree(component)) return [];
  if (isTree(component["protocols"])) {
    return Object.entries(component["protocols"]).map(
      ([name, server]) => [name, isTree(server) ? server : {}] as const,
    );
  }
  if (typeof component["endpoint"] === "string") return [["", component]];
  return Object.entries(component).flatMap(([name, server]) =>
    isTree(server) && typeof server["endpoint"] === "string" ? [[name, server] as const] : [],
  );
}
