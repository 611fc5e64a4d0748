import { type PolicyRule, STRICT, type Unit, type Violation } from "../model.ts";
import { collectorsOf } from "../read/collector.ts";
import { walk } from "../read/file.ts";
import { textAt } from "../read/known.ts";
import { isLoopback } from "../read/listener.ts";
import { parseTree } from "../read/parse-tree.ts";

/** Keys that switch a check of TLS off. */
const SWITCHES = new Set([
  "insecure",
  "insecure_skip_verify",
  "tlsSkipVerify",
  "tls_insecure_skip_verify",
  "InsecureSkipVerify",
]);

/** Variables that do the same. */
const VARIABLES = /^(OTEL_EXPORTER_OTLP(_\w+)?_INSECURE|\w+_SKIP_VERIFY|NODE_TLS_REJECT_UNAUTHORIZED)$/;

/** Whoever answers is who it should be. */
export const noTlsInsecure: PolicyRule = {
  name: "no-tls-insecure",
  description: "Outside local and dev no client leaves out TLS or the check of a certificate.",
  fix: "remove the switch; every workload gets the authority's certificate in tls/ca.pem",
  only: STRICT,
  check: ({ units }) => units.flatMap((unit) => [...switches(unit), ...variables(unit), ...plainExporters(unit)]),
};

function switches({ where, urn, files }: Unit): readonly Violation[] {
  return Object.entries(files)
    .filter(([path, text]) => !path.includes("dashboards/") && /insecure|SkipVerify/i.test(text))
    .flatMap(([path, text]) =>
      walk(parseTree(text))
        .filter(([keys, value]) => SWITCHES.has(keys.at(-1) ?? "") && (value === true || value === "true"))
        .map(([keys]) => ({ where: `${where}: ${path}`, urn, what: `${keys.join(".")} is on` })),
    );
}

function variables({ where, urn, env }: Unit): readonly Violation[] {
  return Object.entries(env)
    .filter(
      ([name, value]) => VARIABLES.test(name) && value !== "false" && value !== (name.startsWith("NODE_") ? "1" : ""),
    )
    .map(([name]) => ({ where: `${where}: ${name}`, urn, what: "switches the check of certificates off" }));
}

/** GreptimeDB has no TLS on HTTP: decided, and on the allow-list of listeners. */
function plainExporters(unit: Unit): readonly Violation[] {
  return collectorsOf([unit]).flatMap(({ exporters }) =>
    Object.entries(exporters).flatMap(([id, exporter]) => {
      const endpoint = textAt(exporter, "endpoint");
      const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
      const plain = endpoint.startsWith("http://") && !isLoopback(host);
      if (!plain || id.includes("/greptimedb")) return [];
      return [{ where: `${unit.where}: exporter ${id}`, urn: unit.urn, what: "sends in plain text" }];
    }),
  );
}
