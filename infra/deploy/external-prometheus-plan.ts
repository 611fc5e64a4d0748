import { type ExternalPrometheusAccess, WRITE_PATHS } from "../../components/prometheus/external/access.ts";
import type { Destination } from "../../components/collector/settings.ts";
import type { ExternalPrometheusDescription } from "../environment/external-prometheus.ts";
import { podPortOf } from "../environment/outside-addresses.ts";
import type { Environment } from "../environment/schema.ts";
import { EXTERNAL_PROMETHEUS, planExternalAccess, withoutSlash } from "./external-access.ts";

/** How it is spoken to. Pure. */
export function planAccess(external: ExternalPrometheusDescription): ExternalPrometheusAccess {
  return { ...planExternalAccess(EXTERNAL_PROMETHEUS, external), tenant: external.tenant };
}

/** What gateways write to: one destination for each copy that keeps data of its own. */
export function planExternalDestinations({ prometheus, metrics }: Environment): readonly Destination[] {
  const { external } = prometheus;
  const { path } = metrics;
  if (external === undefined || path === "scrape") return [];
  return writeUrls(external, path).map((endpoint, index) => ({
    kind: EXTERNAL_PROMETHEUS,
    name: index === 0 ? EXTERNAL_PROMETHEUS : `${EXTERNAL_PROMETHEUS}-${index + 1}`,
    endpoint,
    path,
    access: planAccess(external),
  }));
}

function writeUrls(
  { url, writeUrls: given }: ExternalPrometheusDescription,
  path: keyof typeof WRITE_PATHS,
): readonly string[] {
  return given?.map(withoutSlash) ?? [`${withoutSlash(url)}${WRITE_PATHS[path]}`];
}

/** Namespace of one that runs in the same cluster. */
export function monitoringNamespace({ prometheus: { external } }: Environment): string | undefined {
  return external?.namespace ?? (external?.operator === undefined ? undefined : "monitoring");
}

/**
 * Labels of the pods there that scrape: without them every pod of the namespace would be let in to metrics, and to a
 * GreptimeDB without TLS. The operator gives its Prometheus one that nobody can change.
 */
export function monitoringPods({
  prometheus: { external },
}: Environment): Readonly<Record<string, string>> | undefined {
  return (
    external?.podLabels ?? (external?.operator === undefined ? undefined : { "app.kubernetes.io/name": "prometheus" })
  );
}

/** Whom a service connects to, and on which port, for a backend that somebody else runs. */
export interface ExternalConnection {
  readonly from: "gateway" | "grafana";
  readonly to: "monitoring" | "outside";
  readonly port: number;
}

/** Gateways write, Grafana asks. Inside the cluster a selector finds it, where not every network takes an address. */
export function planExternalConnections(environment: Environment): readonly ExternalConnection[] {
  const { external } = environment.prometheus;
  if (external === undefined) return [];
  const namespace = monitoringNamespace(environment);
  const connect = (from: ExternalConnection["from"], url: string): ExternalConnection => {
    const [, inNamespace, service] = new URL(url).hostname.split(".");
    // `<service>.<namespace>` is a name of the cluster as well.
    const isInside = namespace !== undefined && inNamespace === namespace && (service ?? "svc") === "svc";
    return { from, to: isInside ? "monitoring" : "outside", port: podPortOf(environment, url) };
  };
  const written = planExternalDestinations(environment).flatMap((one) => ("endpoint" in one ? [one.endpoint] : []));
  return [...written.map((url) => connect("gateway", url)), connect("grafana", external.url)];
}
