import type { HostProgram } from "./host-program.ts";

/** What an ssh host is told beside its workloads. */
export interface HostSettings {
  /** Name of the host; names it in every error. */
  readonly name: string;
  /** How the DCGM exporter comes to run. @default package */
  readonly dcgmExporter?: DcgmExporterSource;
  /** Every program a workload of the host runs, by name. */
  readonly programs: Readonly<Record<string, HostProgram>>;
}

/** Three ways to a DCGM exporter. */
export type DcgmExporterSource =
  /** A container with the NVIDIA runtime. */
  | {
      readonly kind: "container";
      /** Image with its version or, better, its digest. */
      readonly image: string;
      /** Program of the host that runs it. @default docker */
      readonly engine?: "docker" | "podman";
    }
  /**
   * NVIDIA's package for the distribution, installed from the host's own repositories where it is missing. One that the
   * operator installed stays as it is.
   */
  | {
      readonly kind: "package";
      /** Version of the exporter, without DCGM's and the package's revision, such as 4.8.2. @default the newest */
      readonly version?: string;
    }
  /** One that somebody else runs: nothing is installed, its `/metrics` must answer. */
  | { readonly kind: "existing" };

/** NVIDIA's package and the program it brings. */
export const DCGM_PACKAGE = { name: "datacenter-gpu-manager-exporter", program: "/usr/bin/dcgm-exporter" } as const;
