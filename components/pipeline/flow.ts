/** A collector's pipelines as a graph, whoever wrote them: what stands where, not how it is set. */
export interface Stages {
  /** What joins pipelines: exporter of one, receiver of another. */
  readonly connectors: Readonly<Record<string, unknown>>;
  /** By `signal` or `signal/name`. */
  readonly pipelines: Readonly<Record<string, Stage>>;
}

export interface Stage {
  readonly receivers: readonly string[];
  readonly exporters: readonly string[];
}

export type Signal = "traces" | "metrics" | "logs";

/** One way from where a signal enters a collector to where it leaves it. */
export interface Flow {
  readonly signal: Signal;
  readonly source: string;
  readonly destination: string;
}

/**
 * Every source and every destination it reaches, through connectors too. A connector that turns traces into metrics
 * is a source of metrics, so that span metrics are seen apart from the metrics applications send.
 */
export function planFlows(stages: Stages): readonly Flow[] {
  const flows = Object.entries(stages.pipelines).flatMap(([id, { receivers }]) =>
    receivers
      .filter((source) => !isPassedOn(source, signalOf(id), stages))
      .flatMap((source) =>
        [...leaves(id, stages, new Set())].map((destination) => ({ signal: signalOf(id), source, destination })),
      ),
  );
  const unique = new Map(flows.map((flow) => [Object.values(flow).join(" "), flow]));
  return [...unique.values()];
}

/** Where a signal leaves, each destination once, in order. */
export function destinationsOf(signal: Signal, flows: readonly Flow[]): readonly string[] {
  return [...new Set(flows.filter((flow) => flow.signal === signal).map(({ destination }) => destination))].sort();
}

/** Where a signal enters, each source once, in order. */
export function sourcesOf(signal: Signal, flows: readonly Flow[]): readonly string[] {
  return [...new Set(flows.filter((flow) => flow.signal === signal).map(({ source }) => source))].sort();
}

function leaves(id: string, stages: Stages, seen: Set<string>): ReadonlySet<string> {
  if (seen.has(id)) return new Set();
  seen.add(id);
  const found = (stages.pipelines[id]?.exporters ?? []).flatMap((exporter) =>
    exporter in stages.connectors
      ? Object.keys(stages.pipelines)
          .filter((next) => signalOf(next) === signalOf(id) && stages.pipelines[next]?.receivers.includes(exporter))
          .flatMap((next) => [...leaves(next, stages, seen)])
      : [exporter],
  );
  return new Set(found);
}

/** Whether what a pipeline receives was already seen entering the same signal elsewhere. */
function isPassedOn(source: string, signal: Signal, { connectors, pipelines }: Stages): boolean {
  return (
    source in connectors &&
    Object.entries(pipelines).some(([id, { exporters }]) => signalOf(id) === signal && exporters.includes(source))
  );
}

function signalOf(pipeline: string): Signal {
  return pipeline.split("/")[0] as Signal;
}
