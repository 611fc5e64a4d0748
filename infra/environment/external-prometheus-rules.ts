import type { Problem } from "../../components/core/errors.ts";
import { alertmanager } from "./alertmanager.ts";
import { changedKeys, findKeysWithoutEffect, findSignInProblems } from "./external-rules.ts";
import { prometheus } from "./prometheus.ts";
import type { Environment } from "./schema.ts";

type At = (path: string) => string;
type External = NonNullable<Environment["prometheus"]["external"]>;

/** Keys of `prometheus` that mean something to a Prometheus of somebody else's. */
const SHARED = ["external", "evaluationInterval"];

/** Rules between the fields of `prometheus.external` and the rest. */
export function findExternalPrometheusProblems(environment: Environment, at: At): readonly Problem[] {
  const { external } = environment.prometheus;
  if (external === undefined) return [];
  return [
    ...withoutEffect(environment, at),
    ...scraping(environment, at),
    ...findSignInProblems(external, (path) => at(`prometheus.external.${path}`)),
    ...writtenTwice(external, at),
    ...withoutCluster(environment, at),
  ];
}

/** What is said to a Prometheus and an Alertmanager that are not deployed. */
function withoutEffect(environment: Environment, at: At): Problem[] {
  const own = changedKeys(environment.prometheus, prometheus.parse({})).filter(([key]) => !SHARED.includes(key));
  const notifying = changedKeys(environment.alertmanager, alertmanager.parse({})).map(([key]) => key);
  return [
    ...findKeysWithoutEffect({ name: "prometheus", title: "Prometheus" }, own, at),
    ...(notifying.length === 0 ? [] : [nobodyWouldBeTold(notifying, at)]),
  ];
}

/** One problem for all of it: mending each key by itself would be in vain. */
function nobodyWouldBeTold(keys: readonly string[], at: At): Problem {
  return {
    path: at("alertmanager"),
    expected:
      "nothing: an existing Prometheus tells the Alertmanager it is configured with, so ours is not deployed and nobody named here would be told",
    got: keys.join(", "),
    fix: "remove alertmanager, and route the labels severity, area and team in the existing Alertmanager; or remove prometheus.external",
  };
}

function scraping({ metrics }: Environment, at: At): Problem[] {
  if (metrics.path !== "scrape") return [];
  return [
    {
      path: at("metrics.path"),
      expected: "otlp or remoteWrite: gateways write to an existing Prometheus, which is not told to come and fetch",
      got: "scrape",
      fix: "set metrics.path: remoteWrite, or otlp where it promotes our resource attributes (decision 18)",
    },
  ];
}

/** One problem for all of it. Without what an address may hold before its host, which is refused elsewhere. */
function writtenTwice({ writeUrls = [] }: External, at: At): Problem[] {
  const written = writeUrls.map((url) => {
    const { origin, pathname, search } = new URL(url);
    return `${origin}${pathname.replace(/\/+$/, "")}${search}`;
  });
  const again = new Set(written.filter((url, index) => written.indexOf(url) < index));
  if (again.size === 0) return [];
  return [
    {
      path: at("prometheus.external.writeUrls"),
      expected: "each address once: every sample would be sent there as often as it is named",
      got: `${[...again].join(", ")} more than once`,
      fix: "remove what is there already; copies that keep data of their own have an address each",
    },
  ];
}

function withoutCluster({ runtime, prometheus }: Environment, at: At): Problem[] {
  if (runtime === "kubernetes") return withoutNamespace(prometheus.external ?? {}, at);
  return (["namespace", "podLabels", "operator"] as const)
    .filter((key) => prometheus.external?.[key] !== undefined)
    .map((key) => ({
      path: at(`prometheus.external.${key}`),
      expected: "runtime kubernetes: it means a Prometheus of the same cluster",
      got: `runtime ${runtime}`,
      fix: `remove ${key}; npm run render writes the rule files to load`,
    }));
}

function withoutNamespace({ namespace, operator, podLabels }: Partial<External>, at: At): Problem[] {
  if (podLabels === undefined || namespace !== undefined || operator !== undefined) return [];
  return [
    {
      path: at("prometheus.external.podLabels"),
      expected: "a namespace beside it: pods of none are let in otherwise",
      got: "no namespace",
      fix: "add prometheus.external.namespace, or remove podLabels",
    },
  ];
}
