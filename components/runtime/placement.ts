import type { CertificateRequest, WorkloadPaths } from "./workload.ts";

/**
 * Where one workload was planned to run. Made by the topology, so names, addresses and ports are
 * known before anything exists.
 *
 * @typeParam PortName - the ports the service listens on
 */
export interface Placement<PortName extends string = string> {
  /** Name of the workload, unique in the environment: `gateway-a`. */
  readonly name: string;
  /** Address its listeners bind: `127.0.0.1` for a process, `0.0.0.0` in a container of its own. */
  readonly bind: string;
  /** Name or address its clients dial, also in its certificate. */
  readonly dial: string;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly paths: WorkloadPaths;
  /** Every name and address a client may verify its certificate against, `dial` included. */
  readonly certificateNames: readonly string[];
  /** Hard memory limit in MiB. */
  readonly memoryMiB: number;
}

/** The certificate a placement needs: for its own name and every name clients dial. */
export function certificateRequest({ name, certificateNames }: Placement): CertificateRequest {
  const names = [...new Set([name, ...certificateNames])];
  return {
    commonName: name,
    dnsNames: names.filter((item) => !isIpAddress(item)),
    ipAddresses: names.filter(isIpAddress),
  };
}

function isIpAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(":");
}
