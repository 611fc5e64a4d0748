import type { RecordingRule } from "../signals/recording.ts";
import type { AlertDefinition } from "./alert.ts";
import type { ThresholdTable, ThresholdValues } from "./threshold.ts";

/** What alerts may know of the environment besides thresholds. */
export interface Inventory {
  /** Hosts by name with the GPUs they must have; a pool stands for any number of nodes with that many each. */
  readonly hosts: readonly {
    readonly name: string;
    readonly gpus: number;
    readonly pool: boolean;
    /** False for one that may be down or lack GPUs: drained, or in quarantine. @default true */
    readonly expected?: boolean;
  }[];
  readonly gateways: number;
  readonly prometheus: number;
  readonly alertmanagers: number;
  /** Backends the environment has. */
  readonly backends: readonly ("tempo" | "loki" | "jaeger" | "greptimedb" | "grafana")[];
  /** Hard memory limits in MiB, by role. */
  readonly memoryMiB: { readonly gateway: number; readonly agent: number };
}

/** Alerts about one thing, with the numbers they use. A new alert is one object in such an area. */
export interface AlertArea<Table extends ThresholdTable = ThresholdTable> {
  /** Label `area` of its alerts, name of its rule group, and its key under `alerts` in an environment. */
  readonly name: string;
  readonly thresholds: Table;
  recordings(inventory: Inventory): readonly RecordingRule[];
  alerts(thresholds: ThresholdValues<Table>, inventory: Inventory): readonly AlertDefinition[];
}

/** Keeps the type of an area's own thresholds. */
export function alertArea<Table extends ThresholdTable>(area: AlertArea<Table>): AlertArea<Table> {
  return area;
}
