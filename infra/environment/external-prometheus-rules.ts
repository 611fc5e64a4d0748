import type { Problem } from "../../components/core/errors.ts";
import { alertmanager } from "./alertmanager.ts";
import { prometheus } from "./prometheus.ts";
import type { Environment } from "./schema.ts";

type At = (path: string) => string;

/** Keys of `prometheus` that mean something to a Prometheus of somebody else's. */
const SHARED = ["external", "evaluationInterval"];

/** Rules between the fields of `prometheus.external` and the rest. */
export function findExternalPrometheusProblems(environment: Environment, at: At): readonly Problem[] {
  const { external } = environment.prometheus;
  if (external === undefined) return [];
  return [
    ...withoutEffect(environment, at),
    ...scraping(environment, at),
    ...credentials(external, (path) => at(`prometheus.external.${path}`)),
    ...withoutCluster(environment, at),
  ];
}

/**
 * What is said to a Prometheus and an Alertmanager that are not deployed. Defaults are filled in by now, so what says
 * the same as a default passes for one.
 */
function withoutEffect(environment: Environment, at: At): Problem[] {
  const own = changedKeys(environment.prometheus, prometheus.parse({})).filter(([key]) => !SHARED.includes(key));
  const notifying = changedKeys(environment.alertmanager, alertmanager.parse({})).map(([key]) => key);
  return [
    ...own.map(([key, value]) => ({
      path: at(`prometheus.${key}`),
      expected: "nothing: whoever runs the Prometheus of prometheus.external decides it",
      got: JSON.stringify(value),
      fix: `remove prometheus.${key}, or prometheus.external`,
    })),
    ...(notifying.length === 0 ? [] : [nobodyWouldBeTold(notifying, at)]),
  ];
}

function changedKeys(settings: object, defaults: object): readonly (readonly [key: string, value: unknown])[] {
  const usual = defaults as Readonly<Record<string, unknown>>;
  return Object.entries(settings).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key]));
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

type External = NonNullable<Environment["prometheus"]["external"]>;

function credentials({ url, writeUrls = [], user, password, token }: External, at: At): Problem[] {
  const problems: Problem[] = [];
  if ((user === undefined) !== (password === undefined)) {
    const [missing, fix] =
      user === undefined ? ["user", "add user: <name>"] : ["password", "add password: <name of the stack's secret>"];
    problems.push({ path: at(missing), expected: "user and password together", got: "one of them", fix });
  }
  if (token !== undefined && (user !== undefined || password !== undefined)) {
    problems.push({
      path: at("token"),
      expected: "one way to sign in: user and password, or token",
      got: "both",
      fix: "remove one of them",
    });
  }
  const telling = [url, ...writeUrls].map((one) => new URL(one)).find((one) => one.username + one.password !== "");
  if (telling !== undefined) {
    problems.push({
      path: at("url"),
      expected: "addresses without user and password in them: a file would show both",
      got: `an address of ${telling.host} with them`,
      fix: "remove them; add user: <name> and password: <name of the stack's secret>",
    });
  }
  const plain = [url, ...writeUrls].find((one) => one.startsWith("http:"));
  if (plain !== undefined && (password !== undefined || token !== undefined)) {
    problems.push({
      path: at("url"),
      expected: "https, where a password or token is sent along",
      got: plain,
      fix: "set https:// in url and writeUrls, with authority where the certificate is of an authority of your own",
    });
  }
  return problems;
}

function withoutCluster({ runtime, prometheus }: Environment, at: At): Problem[] {
  if (runtime === "kubernetes") return [];
  return (["namespace", "operator"] as const)
    .filter((key) => prometheus.external?.[key] !== undefined)
    .map((key) => ({
      path: at(`prometheus.external.${key}`),
      expected: "runtime kubernetes: it means a Prometheus of the same cluster",
      got: `runtime ${runtime}`,
      fix: `remove ${key}; npm run render writes the rule files to load`,
    }));
}
