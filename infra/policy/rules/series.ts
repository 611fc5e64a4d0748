import type { PolicyRule, Unit, Violation } from "../model.ts";
import { type CollectorView, collectorsOf, typeOf } from "../read/collector.ts";
import { textAt, textsAt, treesAt } from "../read/known.ts";
import { toAddress } from "../read/listener.ts";
import { parseTree } from "../read/parse-tree.ts";

/** Exporters of GPU hosts: the agents fetch them, so Prometheus must not. */
const HOST_PORTS = new Set([9100, 9400]);

/** A series that arrives twice is counted twice. */
export const onePathPerSeries: PolicyRule = {
  name: "one-path-per-series",
  description: "A series gets into Prometheus in one way: OTLP, remote write, or fetched (S0-48).",
  fix: "choose one: metrics.path: otlp, remoteWrite or scrape",
  check: ({ units }) => [...collectorsOf(units).flatMap(gatewayPaths), ...units.flatMap(fetchedTwice)],
};

/** The ways a collector gets metrics into Prometheus, by what it reaches. */
function gatewayPaths({ unit, pipelines, exporters }: CollectorView): readonly Violation[] {
  const used = new Set(
    pipelines.filter(({ name }) => typeOf(name) === "metrics").flatMap((pipeline) => pipeline.exporters),
  );
  const ways = [...used].flatMap((id) => {
    const endpoint = textAt(exporters[id], "endpoint");
    if (typeOf(id) === "prometheus") return [{ id, to: "whoever fetches it" }];
    if (/\/api\/v1\/(otlp|write)/.test(endpoint)) return [{ id, to: hostOf(endpoint) }];
    return [];
  });
  const fetched = ways.filter(({ id }) => typeOf(id) === "prometheus");
  const pushed = ways.filter(({ id }) => typeOf(id) !== "prometheus");
  const report = (id: string, what: string): Violation => ({
    where: `${unit.where}: exporter ${id}`,
    urn: unit.urn,
    what,
  });
  return [
    ...(pushed.length === 0 ? [] : fetched.map(({ id }) => report(id, `offers what ${pushed[0]?.id} sends already`))),
    ...pushed.flatMap(({ id, to }, index) => {
      const first = pushed.findIndex((way) => way.to === to);
      return first === index ? [] : [report(id, `sends to ${to} what ${pushed[first]?.id} sends already`)];
    }),
  ];
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

/** What Prometheus fetches although an agent does, or in two jobs. */
function fetchedTwice(unit: Unit): readonly Violation[] {
  if (unit.program !== "prometheus") return [];
  const jobs = Object.values(unit.files).flatMap((text) => treesAt(parseTree(text), "scrape_configs"));
  const targets = jobs.flatMap((job) =>
    treesAt(job, "static_configs")
      .flatMap((config) => textsAt(config, "targets"))
      .map((target) => ({ job: textAt(job, "job_name"), target, path: textAt(job, "metrics_path") || "/metrics" })),
  );
  return targets.flatMap(({ job, target, path }, index): Violation[] => {
    const where = `${unit.where}: job ${job}`;
    if (HOST_PORTS.has(toAddress(target).port)) {
      return [{ where, urn: unit.urn, what: `fetches ${target}, which an agent fetches already` }];
    }
    const first = targets.findIndex((other) => other.target === target && other.path === path);
    if (first === index) return [];
    return [{ where, urn: unit.urn, what: `fetches ${target} as job ${targets[first]?.job} does already` }];
  });
}
