import { gpuServer } from "../report/machine.ts";
import { planReport } from "../report/model.ts";
import type { Topology } from "../topology/topology.ts";

/** Stands for the machine of processes: figures must not depend on where a preview runs. */
const REFERENCE_MACHINE = gpuServer(1);

/** Figures of the cost report that a change is judged by. */
export type CostFigure =
  "active series" | "samples/s" | "spans kept/s" | "log lines/s" | "storage GiB" | "memory GiB" | "cpu";

/** What an environment will cost to run, to three digits after the point. */
export function planCost(topology: Topology): Readonly<Record<CostFigure, number>> {
  const report = planReport(topology, topology.environment.load, REFERENCE_MACHINE);
  return {
    "active series": round(report.activeSeries),
    "samples/s": round(report.samplesPerSecond),
    "spans kept/s": round(report.spans.kept),
    "log lines/s": round(report.logs.linesPerSecond),
    "storage GiB": round(report.storageGiB),
    "memory GiB": round(report.reserved.memoryMiB / 1024),
    cpu: round(report.reserved.cpu),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
