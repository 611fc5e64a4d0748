import type { Tree, Unit } from "../model.ts";
import { isTree, textAt, textsAt, treeAt } from "./known.ts";
import { parseTree } from "./parse-tree.ts";

/** A collector's configuration as a rule looks at it. */
export interface CollectorView {
  readonly unit: Unit;
  /** `gateway` samples and fans out; every other collector is an agent. */
  readonly role: "gateway" | "agent";
  readonly receivers: Tree;
  readonly processors: Tree;
  readonly exporters: Tree;
  readonly connectors: Tree;
  readonly extensions: Tree;
  /** Extensions that are started. */
  readonly started: readonly string[];
  readonly pipelines: readonly PipelineView[];
  readonly body: Tree;
}

export interface PipelineView {
  /** `metrics/spans` */
  readonly name: string;
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** Every collector among the units. */
export function collectorsOf(units: readonly Unit[]): readonly CollectorView[] {
  return units.filter(({ program }) => program === "otelcol").flatMap(collectorOf);
}

function collectorOf(unit: Unit): readonly CollectorView[] {
  return Object.values(unit.files).flatMap((text) => {
    const body = text.includes("pipelines:") ? parseTree(text) : undefined;
    return body === undefined || !isTree(body["service"]) ? [] : [viewOf(unit, body)];
  });
}

function viewOf(unit: Unit, body: Tree): CollectorView {
  const role = textAt(body, "service", "telemetry", "resource", "service.name");
  return {
    unit,
    role: role === "gateway" ? "gateway" : "agent",
    receivers: treeAt(body, "receivers"),
    processors: treeAt(body, "processors"),
    exporters: treeAt(body, "exporters"),
    connectors: treeAt(body, "connectors"),
    extensions: treeAt(body, "extensions"),
    started: textsAt(body, "service", "extensions"),
    pipelines: Object.entries(treeAt(body, "service", "pipelines")).map(([name, pipeline]) => ({
      name,
      receivers: textsAt(pipeline, "receivers"),
      processors: textsAt(pipeline, "processors"),
      exporters: textsAt(pipeline, "exporters"),
    })),
    body,
  };
}

/** Type of a component id: `otlp_grpc` of `otlp_grpc/tempo`. */
export function typeOf(id: string): string {
  return id.split("/")[0] ?? id;
}
