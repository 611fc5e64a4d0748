import { notificationSecrets } from "../../components/alertmanager/recipients.ts";
import type { Problem } from "../../components/core/errors.ts";
import { didYouMean, nearest } from "../../components/core/nearest.ts";
import { findNotificationProblems } from "./alertmanager-rules.ts";
import { findUnknownAlerts } from "./alerts.ts";
import { findExternalGreptimedbProblems } from "./external-greptimedb-rules.ts";
import { findExternalPrometheusProblems } from "./external-prometheus-rules.ts";
import { findKubernetesProblems } from "./kubernetes-rules.ts";
import { findLinkProblems } from "./link-rules.ts";
import { findHostStateProblems } from "./host-rules.ts";
import { findReplicaProblems } from "./replica-rules.ts";
import { ENVIRONMENT_NAMES, type Environment, type HostDescription } from "./schema.ts";
import { asJudged, isStrict } from "./strictness.ts";
import { stackFile } from "./stack-file.ts";

/** Rules between fields, which the schema of one field cannot see. */
export function findBrokenRules(environment: Environment, at: (path: string) => string): readonly Problem[] {
  return [
    ...findHostStateProblems(environment, at),
    ...foreignRules(environment, at),
    ...duplicateHosts(environment, at),
    ...hostRuntimes(environment, at),
    ...gatewaysOnLoopback(environment, at),
    ...gatewaysOutOfReach(environment, at),
    ...scaling(environment, at),
    ...overlappingPools(environment, at),
    ...findReplicaProblems(environment, at),
    ...findKubernetesProblems(environment, at),
    ...findLinkProblems(environment, at),
    ...highAvailability(environment, at),
    ...findNotificationProblems(environment, at),
    ...findExternalPrometheusProblems(environment, at),
    ...findExternalGreptimedbProblems(environment, at),
    ...signalsWithoutBackend(environment, at),
    ...renewal(environment, at),
    ...findUnknownAlerts(environment.alerts.disabled, at),
  ];
}

/** Nobody talks production's rules away. */
function foreignRules({ name, judgedAs }: Environment, at: (path: string) => string): Problem[] {
  if (judgedAs === undefined || !(ENVIRONMENT_NAMES as readonly string[]).includes(name)) return [];
  const expected = `nothing: ${name} is judged by its own rules`;
  return [{ path: at("judgedAs"), expected, got: judgedAs, fix: "remove judgedAs" }];
}

function duplicateHosts({ hosts }: Environment, at: (path: string) => string): Problem[] {
  const named = new Map<string, number>();
  return hosts.flatMap((host, index) => {
    const first = named.get(host.name);
    if (first === undefined) {
      named.set(host.name, index);
      return [];
    }
    return [
      {
        path: at(`hosts[${index}].name`),
        expected: "a name no other host has",
        got: `"${host.name}", already the name of ${at(`hosts[${first}]`).replace(at(""), "")}`,
        fix: "give one of the two another name",
      },
    ];
  });
}

function hostRuntimes({ hosts, docker }: Environment, at: (path: string) => string): Problem[] {
  return hosts.flatMap((host, index) => {
    const problems: Problem[] = [];
    if (host.runtime === "ssh" && host.address === undefined) {
      problems.push({
        path: at(`hosts[${index}].address`),
        expected: "a name or address to reach the ssh host by",
        got: "nothing",
        fix: `add address: <name> to the host "${host.name}"`,
      });
    }
    if (host.runtime === "docker" && !host.simulated) {
      problems.push({
        path: at(`hosts[${index}].runtime`),
        expected: "ssh for a host with real GPUs: containers of dev play simulated hosts alone",
        got: "docker",
        fix: "set runtime: ssh with its address and hostKey, or simulated: true",
      });
    }
    if (host.runtime === "docker" && docker.host !== undefined && !docker.host.startsWith("unix:")) {
      problems.push({
        path: at("docker.host"),
        expected: "an engine of this machine beside a simulated host, whose sources it mounts",
        got: docker.host,
        fix: `remove docker.host, or the simulated host "${host.name}"`,
      });
    }
    if (host.simulated && (host.runtime === "ssh" || host.runtime === "kubernetes")) {
      problems.push({
        path: at(`hosts[${index}].simulated`),
        expected: "false on a real host",
        got: `true with runtime ${host.runtime}`,
        fix: "remove simulated, or run the host with runtime process or docker",
      });
    }
    return problems;
  });
}

/** Gateways that run as processes listen on loopback: a host over ssh would send to itself. */
function gatewaysOnLoopback({ hosts, runtime, network }: Environment, at: (path: string) => string): Problem[] {
  const remote = hosts.filter((host) => host.runtime === "ssh");
  if (runtime !== "process" || remote.length === 0) return [];
  const names = remote
    .slice(0, 3)
    .map(({ name }) => name)
    .join(", ");
  return [
    {
      path: at("runtime"),
      expected: `docker or kubernetes, where ${names}${remote.length > 3 ? " and others" : ""} reach the gateways over the network`,
      got: `process, whose gateways listen on loopback alone (${network.loopback}.1 and following)`,
      fix: "set runtime: docker or kubernetes, with gateways.addresses; or give the hosts an environment of their own",
    },
  ];
}

/** What listens where gateways are reached from outside: nothing of ours, so that any port may be named. */
const ADDRESSES: Readonly<Record<Environment["runtime"], string>> = {
  process: "such as those of a load balancer",
  docker:
    "of ports that you forward to each gateway's 4317: Docker publishes them on docker.loopback, for its own machine alone",
  kubernetes: "such as that of a load balancer in front of the service of the gateways, port 4317",
};

function gatewaysOutOfReach({ hosts, runtime, gateways }: Environment, at: (path: string) => string): Problem[] {
  // Of processes, hosts over ssh are refused altogether.
  const outside = hosts.filter((host) => host.runtime !== runtime && (runtime !== "process" || host.runtime !== "ssh"));
  if (outside.length === 0 || gateways.addresses.length > 0) return [];
  return [
    {
      path: at("gateways.addresses"),
      expected: `where ${outside.map(({ name }) => name).join(", ")} reach the gateways, which run with runtime ${runtime}`,
      got: "nothing",
      fix: `add gateways.addresses: [<host>:<port>], ${ADDRESSES[runtime]}`,
    },
  ];
}

/** Two agents on one node would open the same ports. */
function overlappingPools({ hosts }: Environment, at: (path: string) => string): Problem[] {
  const pools = hosts.flatMap((host, index) => (host.runtime === "kubernetes" ? [{ ...host, index }] : []));
  return pools.flatMap(({ name, nodeLabels, index }, position) => {
    const apart = (other: HostDescription) =>
      Object.entries(nodeLabels).some(([key, value]) => (other.nodeLabels[key] ?? value) !== value);
    const clash = pools.slice(0, position).find((other) => !apart(other));
    if (clash === undefined) return [];
    return [
      {
        path: at(`hosts[${index}].nodeLabels`),
        expected: `a label that no node of the pool "${clash.name}" has`,
        got: JSON.stringify(nodeLabels),
        fix: `give both pools nodeLabels with one key and different values, such as { nvidia.com/gpu.product: … } of ${name}`,
      },
    ];
  });
}

function scaling({ gateways, runtime }: Environment, at: (path: string) => string): Problem[] {
  const { count, maxCount } = gateways;
  if (maxCount === undefined || (runtime === "kubernetes" && maxCount >= count)) return [];
  return [
    {
      path: at("gateways.maxCount"),
      expected: runtime === "kubernetes" ? `at least gateways.count (${count})` : "nothing: only Kubernetes scales",
      got: String(maxCount),
      fix: "change or remove gateways.maxCount",
    },
  ];
}

function highAvailability(environment: Environment, at: (path: string) => string): Problem[] {
  if (!isStrict(environment)) return [];
  // Whoever runs an existing Prometheus sees to its copies, and to who is told.
  const isOwn = environment.prometheus.external === undefined;
  const needs: readonly [path: string, got: number, least: number][] = [
    ["gateways.count", environment.gateways.count, 2],
    ["prometheus.replicas", isOwn ? environment.prometheus.replicas : 2, 2],
    ["alertmanager.replicas", isOwn ? environment.alertmanager.replicas : 3, 3],
  ];
  const problems: Problem[] = needs
    .filter(([, got, least]) => got < least)
    .map(([path, got, least]) => ({
      path: at(path),
      expected: `at least ${least} in ${asJudged(environment)}, so that one may fail (S0-28)`,
      got: String(got),
      fix: `set ${path}: ${least}`,
    }));
  if (isOwn && environment.alertmanager.receivers.length === 0) {
    problems.push({
      path: at("alertmanager.receivers"),
      expected: `at least one receiver in ${asJudged(environment)}: alerts must reach somebody`,
      got: "none",
      fix: "add a receiver: { kind: webhook, name: on-call, secret: alertWebhookUrl }",
    });
  }
  return problems;
}

function signalsWithoutBackend(
  { tempo, jaeger, loki, greptimedb }: Environment,
  at: (path: string) => string,
): Problem[] {
  // A backend that runs only where its program can be had is not counted on.
  const always = greptimedb.enabled === true || greptimedb.external !== undefined;
  const signals: readonly [signal: string, stored: boolean, fix: string][] = [
    ["traces", always || tempo.enabled || jaeger.enabled, "tempo"],
    ["logs", always || loki.enabled, "loki"],
  ];
  return signals
    .filter(([, stored]) => !stored)
    .map(([signal, , fix]) => ({
      path: at(`${fix}.enabled`),
      expected: `a backend that keeps ${signal}`,
      got: "none is enabled",
      fix: `set ${fix}.enabled: true`,
    }));
}

function renewal({ certificates }: Environment, at: (path: string) => string): Problem[] {
  if (certificates.renewBeforeDays < certificates.validityDays) return [];
  return [
    {
      path: at("certificates.renewBeforeDays"),
      expected: `less than validityDays (${certificates.validityDays})`,
      got: String(certificates.renewBeforeDays),
      fix: `set certificates.renewBeforeDays below ${certificates.validityDays}`,
    },
  ];
}

/** Names of the stack's secrets an environment needs. */
export function secretsNeededBy(environment: Environment): readonly string[] {
  return [
    ...new Set([
      ...notificationSecrets(environment.alertmanager),
      ...storageSecrets(environment),
      ...sshSecrets(environment),
    ]),
  ];
}

/** The same with those that are asked for elsewhere: Datadog's keys. */
export function secretsUsedBy(environment: Environment): readonly string[] {
  const { enabled, apiKeySecret, appKeySecret } = environment.datadog;
  return [...secretsNeededBy(environment), ...(enabled ? [apiKeySecret, appKeySecret] : [])];
}

/** A name that no part of an environment uses, and that is so near a used one that it must be meant. */
export function findMisspeltSecret(environment: Environment, name: string): readonly Problem[] {
  const used = secretsUsedBy(environment);
  if (used.includes(name) || nearest(name, used) === undefined) return [];
  const fix = `${didYouMean(name, used)}npm run secret -- ${environment.name} ${nearest(name, used)}; a new one is named in ${stackFile(environment.name)} first`;
  return [
    { path: "name", expected: `a secret that ${environment.name} uses: ${used.join(", ")}`, got: `"${name}"`, fix },
  ];
}

function sshSecrets({ hosts, ssh }: Environment): readonly string[] {
  if (hosts.every(({ runtime }) => runtime !== "ssh")) return [];
  const { privateKey, privateKeyPassword, sudo } = ssh;
  const names = [privateKey, privateKeyPassword, typeof sudo === "object" ? sudo.password : undefined];
  return names.filter((name) => name !== undefined);
}

/** Those that open the stores its backends keep their data in. */
function storageSecrets({ prometheus, tempo, loki, jaeger, greptimedb, grafana }: Environment): readonly string[] {
  const stores = [tempo, loki, greptimedb].filter(({ enabled }) => enabled !== false).map(({ storage }) => storage);
  const names = [
    ...stores.map((storage) => (storage.kind === "s3" ? storage.credentials : undefined)),
    jaeger.enabled && typeof jaeger.storage !== "string" ? jaeger.storage.password : undefined,
    grafana.enabled === false ? undefined : grafana.database?.password,
    grafana.external?.token,
    prometheus.external?.password,
    prometheus.external?.token,
    greptimedb.external?.password,
  ];
  return names.filter((name) => name !== undefined);
}

/** A needed secret that the stack does not hold. */
export function findMissingSecrets(environment: Environment, present: ReadonlySet<string>): readonly Problem[] {
  return secretsNeededBy(environment)
    .filter((name) => !present.has(name))
    .map((name) => ({
      path: `${stackFile(environment.name)}: gpu-observability:${name}`,
      expected: "a secret value",
      got: "nothing",
      fix: `npm run secret -- ${environment.name} ${name}`,
    }));
}
