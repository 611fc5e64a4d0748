import type { Address } from "../../components/core/endpoint.ts";
import type { Placement } from "../../components/runtime/placement.ts";
import type { Environment, HostDescription } from "../environment/schema.ts";
import type { PortName, ServiceName } from "./ports.ts";

/** Where one service runs. */
export type Placed<S extends ServiceName> = Placement<PortName<S>>;
/** What runs a workload. */
export type RuntimeName = HostDescription["runtime"];

/** One GPU host, or on Kubernetes one pool of GPU nodes. */
export interface PlannedHost {
  readonly name: string;
  /** Value of `host.name`; a pool reads it from the node. */
  readonly hostName: string;
  readonly runtime: RuntimeName;
  readonly gpus: number;
  readonly gpuModel?: string;
  /** Groups of the inventory, the later one counting more. */
  readonly groups: readonly string[];
  /** Attributes `host.label.<key>` of everything it sends. */
  readonly labels: Readonly<Record<string, string>>;
  readonly state: HostDescription["state"];
  /** Labels that set a pool's nodes apart from those of another. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly simulated: boolean;
  readonly scenario: HostDescription["scenario"];
  readonly agent: Placed<"agent">;
  readonly dcgmExporter: Placed<"dcgm-exporter">;
  readonly nodeExporter: Placed<"node-exporter">;
  /** Gateways' OTLP addresses, the preferred one first; hosts take turns, so load spreads. */
  readonly gateways: readonly Address[];
  /** Files that hold kernel and driver messages (S0-62, S0-63), as the agent sees them. */
  readonly kernelLogs: readonly string[];
  readonly nvidiaLogs: readonly string[];
}

/** Who runs where and who talks to whom. Plain data, planned before anything exists. */
export interface Topology {
  readonly name: string;
  readonly environment: Environment;
  readonly hosts: readonly PlannedHost[];
  readonly gateways: readonly Placed<"gateway">[];
  readonly prometheus: readonly Placed<"prometheus">[];
  readonly alertmanager: readonly Placed<"alertmanager">[];
  readonly tempo?: Placed<"tempo">;
  readonly loki?: Placed<"loki">;
  readonly jaeger?: Placed<"jaeger">;
  readonly greptimedb?: Placed<"greptimedb">;
  readonly grafana?: Placed<"grafana">;
  /** Caps the logs of processes; other runtimes cap logs themselves. */
  readonly logKeeper?: Placed<"log-keeper">;
  /** Page and front for people, where backends are processes of this machine. */
  readonly console?: Placed<"console">;
  /** Parts left out, with the reason. */
  readonly skipped: Readonly<Record<string, string>>;
}
