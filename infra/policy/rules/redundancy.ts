import { type PolicyRule, STRICT } from "../model.ts";

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
      const found = units.filter((unit) => unit.program === program && name.test(unit.name));
      const running = found.reduce((total, { replicas }) => total + replicas, 0);
      if (running >= least) return [];
      const where = found[0]?.where ?? key.split(".")[0] ?? key;
      const what = `${running} run, at least ${least} must, so that one may fail`;
      return [{ where, what, fix: `set ${key}: ${least}`, ...(found[0] === undefined ? {} : { urn: found[0].urn }) }];
    }),
};
