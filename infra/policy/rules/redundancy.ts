import { type PolicyRule, STRICT, type Unit } from "../model.ts";
import { collectorsOf } from "../read/collector.ts";

/** Name of the exporter to a Prometheus that was there before. */
const EXTERNAL = "external-prometheus";

/** How many must run at once, so that one may fail. */
const LEAST: readonly {
  readonly program: string;
  readonly name: RegExp;
  readonly least: number;
  readonly key: string;
}[] = [
  { program: "otelcol", name: /^gateway/, least: 2, key: "gateways.count" },
  { program: "prometheus", name: /^prometheus/, least: 2, key: "prometheus.replicas" },
  { program: "alertmanager", name: /^alertmanager/, least: 3, key: "alertmanager.replicas" },
];

/** One of each may fail. */
export const redundant: PolicyRule = {
  name: "gateways-redundant",
  description: "At least two gateways, two Prometheus and three Alertmanagers run (S0-28).",
  fix: "set gateways.count, prometheus.replicas or alertmanager.replicas",
  only: STRICT,
  check: ({ units }) =>
    LEAST.flatMap(({ program, name, least, key }) => {
      if (program !== "otelcol" && writeElsewhere(units)) return [];
      const found = units.filter((unit) => unit.program === program && name.test(unit.name));
      const running = found.reduce((total, { replicas }) => total + replicas, 0);
      if (running >= least) return [];
      const where = found[0]?.where ?? key.split(".")[0] ?? key;
      const what = `${running} run, at least ${least} must, so that one may fail`;
      return [{ where, what, fix: `set ${key}: ${least}`, ...(found[0] === undefined ? {} : { urn: found[0].urn }) }];
    }),
};

/** Whether gateways write to a Prometheus of somebody else's, who sees to its copies and to who is told. */
function writeElsewhere(units: readonly Unit[]): boolean {
  const gateways = collectorsOf(units).filter(({ role }) => role === "gateway");
  return (
    gateways.length > 0 &&
    gateways.every(({ exporters }) => Object.keys(exporters).some((id) => id.endsWith(`/${EXTERNAL}`)))
  );
}
