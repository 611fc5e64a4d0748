import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Address } from "../../core/endpoint.ts";

export type Protocol = "tcp" | "udp";

const LISTENING = "0A";
const UNCONNECTED = "07";

/**
 * Processes that hold an address, by the kernel's socket tables. Best effort: another user's processes do
 * not show their sockets.
 */
export function findHolders(address: Address, protocol: Protocol): readonly number[] {
  const inodes = new Set(["", "6"].flatMap((family) => inodesOf(`/proc/net/${protocol}${family}`, address, protocol)));
  if (inodes.size === 0) return [];
  return listPids().filter((pid) => socketsOf(pid).some((inode) => inodes.has(inode)));
}

function inodesOf(table: string, { host, port }: Address, protocol: Protocol): readonly string[] {
  const state = protocol === "tcp" ? LISTENING : UNCONNECTED;
  return attempt(() => readFileSync(table, "utf8").trim().split("\n").slice(1), []).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [hexHost = "", hexPort = ""] = (fields[1] ?? "").split(":");
    const holds = fields[3] === state && Number.parseInt(hexPort, 16) === port && overlaps(hexHost, host);
    return holds && fields[9] !== undefined ? [fields[9]] : [];
  });
}

/** The kernel prints each 32-bit word of an address in its own byte order. */
function overlaps(hexHost: string, host: string): boolean {
  if (/^0+$/.test(hexHost) || host === "0.0.0.0" || host === "::") return true;
  const lastWord = hexHost.slice(-8);
  const ipv4 = (lastWord.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse();
  // Names and IPv6 addresses: the port alone has to do.
  return !/^\d+(\.\d+){3}$/.test(host) || ipv4.join(".") === host;
}

function listPids(): readonly number[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return attempt(() => readdirSync(folder), []).flatMap((fd) => {
    const match = /^socket:\[(\d+)\]$/.exec(attempt(() => readlinkSync(`${folder}/${fd}`), ""));
    return match?.[1] === undefined ? [] : [match[1]];
  });
}

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
