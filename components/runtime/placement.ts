import type { CertificateRequest, WorkloadPaths } from "./workload.ts";

/**
 * Where one workload was planned to run. Made by the topology, so names, addresses and ports are
 * known before anything exists.
 *
 * @typeParam PortName - the ports the service listens on
 */
export interface Placement<PortName extends string = string> {
  /** Name of the workload, unique in the environment: `gateway-a`; of a set of replicas `gateway`. */
  readonly name: string;
  /** Environment variable that holds the replica's own name, where one file serves several replicas. */
  readonly nameVariable?: "POD_NAME" | "HOST_NAME";
  /** Equal copies that share this placement; `dial` then reaches any of them. @default 1 */
  readonly replicas?: number;
  /** Address its listeners bind: `127.0.0.1` for a process, `0.0.0.0` in a container of its own. */
  readonly bind: string;
  /** Name or address its clients dial, also in its certificate. */
  readonly dial: string;
  /** Address at which the machine that runs it reaches it, where that is not `dial`. */
  readonly reachedAt?: string;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly paths: WorkloadPaths;
  /** Every name and address a client may verify its certificate against, `dial` included. */
  readonly certificateNames: readonly string[];
  /** Hard memory limit in MiB. */
  readonly memoryMiB: number;
}

/** How many copies of a workload its placement asks for. */
export function replicasOf({ replicas }: Pick<Placement, "replicas">): { readonly replicas?: number } {
  return replicas === undefined ? {} : { replicas };
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
