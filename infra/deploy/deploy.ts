import * as pulumi from "@pulumi/pulumi";
import { RUNBOOK_FOLDER } from "../../components/alerts/links.ts";
import { planAlerts } from "../../components/alerts/render.ts";
import { CONSOLE_PASSWORD, CONSOLE_USER } from "../../components/console/render.ts";
import { throwIfAny } from "../../components/core/errors.ts";
import type { DeliveryArgs } from "../../components/runtime/delivery.ts";
import type { DeliveredCertificate, SecretValues } from "../../components/runtime/runtime.ts";
import { Service } from "../../components/runtime/service.ts";
import { CertificateAuthority } from "../../components/security/certificate-authority.ts";
import { LeafCertificate } from "../../components/security/leaf-certificate.ts";
import { RandomToken } from "../../components/security/random-token.ts";
import { findMissingSecrets, secretsNeededBy } from "../environment/rules.ts";
import type { Environment } from "../environment/schema.ts";
import type { Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";
import { planAlertSettings } from "./alerts.ts";
import { planEndpoints } from "./endpoints.ts";
import { externalCredentials, externalSecrets } from "./external-credentials.ts";
import { deployHosts, type HostWorkloads } from "./rollout.ts";
import { loadRuntimes, type Runtimes } from "./runtimes.ts";

/** A client certificate and its authority; the key is a secret. */
export interface Identity {
  readonly ca: pulumi.Input<string>;
  readonly cert: pulumi.Input<string>;
  readonly key: pulumi.Input<string>;
}

/** What an environment offers once it runs. */
export interface Platform {
  /** Where the gateways and each backend are dialled, by workload. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Certificate that identifies the operator. */
  readonly operator: Identity;
  /** The same for an existing Prometheus that scrapes our programs. */
  readonly externalPrometheus?: Identity;
  /** What people and commands sign in to a service with, a password or, without a user, a token; all secret. */
  readonly credentials: Readonly<Record<string, { readonly user?: string; readonly password: pulumi.Input<string> }>>;
}

/**
 * Creates the secrets of an environment, then every workload on its runtime. Loads the SDKs of the plugins it uses and no
 * other: together they take as long as a small environment's plan. Waits for nothing once the first resource is made, so that
 * input that turns out to be bad on the way leaves nothing behind.
 */
export async function deploy(topology: Topology, deployables: readonly Deployable[]): Promise<Platform> {
  return deployWith(await load(topology, deployables), topology, deployables);
}

type Loaded = Awaited<ReturnType<typeof load>>;

async function load({ environment }: Topology, deployables: readonly Deployable[]) {
  const { datadog, prometheus, grafana } = environment;
  return {
    makeRuntimes: await loadRuntimes(deployables),
    datadog: datadog.enabled ? await import("./datadog.ts") : undefined,
    externalPrometheus: prometheus.external === undefined ? undefined : await import("./external-prometheus.ts"),
    externalGrafana: grafana.external === undefined ? undefined : await import("./external-grafana.ts"),
  };
}

function deployWith(loaded: Loaded, topology: Topology, deployables: readonly Deployable[]): Platform {
  const { environment } = topology;
  const { name, datadog, alerts } = environment;
  const planned = planAlerts(planAlertSettings(topology));
  loaded.datadog?.deployDatadog({
    environment: name,
    datadog,
    alerts: planned,
    runbooks: alerts.runbooks ?? RUNBOOK_FOLDER,
  });
  const { authorityValidityDays, validityDays, renewBeforeDays } = environment.certificates;
  const authority = new CertificateAuthority("authority", {
    commonName: `gpu-observability ${environment.name}`,
    validityDays: authorityValidityDays,
    // Before its last leaf would outlive it.
    renewBeforeDays: Math.min(validityDays + renewBeforeDays, authorityValidityDays - 1),
  });
  const leaves = { validityDays, renewBeforeDays };
  const secrets = secretValues(topology);
  const runtimes = loaded.makeRuntimes(topology, secrets);
  deployWorkloads(topology, deployables, { authority, leaves, secrets }, runtimes);
  const issuer = { authority, leaves };
  const scraper = loaded.externalPrometheus?.deployExternalPrometheus(topology, issuer, runtimes.kubernetes);
  const { external } = environment.grafana;
  if (external !== undefined) loaded.externalGrafana?.deployExternalGrafana(topology, external, issuer, secrets);
  const request = { commonName: "operator", dnsNames: ["operator"], ipAddresses: [] };
  const operator = new LeafCertificate("operator", { authority, request, ...leaves });
  return {
    endpoints: planEndpoints(topology, deployables),
    operator: { ca: authority.certPem, cert: operator.certPem, key: operator.keyPem },
    credentials: credentialsOf(topology, secrets),
    ...(scraper === undefined ? {} : { externalPrometheus: toIdentity(scraper) }),
  };
}

function toIdentity({ caPem, certPem, keyPem }: DeliveredCertificate): Identity {
  return { ca: caPem, cert: certPem, key: keyPem };
}

/** Each workload by itself, or those of a host together, in waves, where its runtime installs hosts as a whole. */
function deployWorkloads(
  topology: Topology,
  deployables: readonly Deployable[],
  args: DeliveryArgs,
  runtimes: Runtimes,
): void {
  const hosts = new Map<string, HostWorkloads>();
  for (const [machine, group] of Map.groupBy(deployables, toMachine)) {
    const runtime = runtimes[group[0]?.runtime ?? "process"];
    const workloads = group.map(({ workload }) => workload);
    if (runtime === undefined) continue;
    if ("deployHost" in runtime) hosts.set(machine, { workloads, runtime });
    else for (const workload of workloads) new Service(workload.name, { workload, runtime, ...args });
  }
  deployHosts(topology, hosts, args);
}

/** What is deployed together: names of hosts and of workloads differ. */
function toMachine({ runtime, machine, workload }: Deployable): string {
  return runtime === "ssh" ? machine : workload.name;
}

function credentialsOf(topology: Topology, secrets: SecretValues): Platform["credentials"] {
  const { environment, greptimedb, grafana, console } = topology;
  const of = (user: string, secret: string) => ({ user, password: secrets[secret] ?? "" });
  return {
    ...(greptimedb === undefined ? {} : { greptimedb: of(environment.greptimedb.user, "greptimedb-password") }),
    ...(grafana === undefined ? {} : { grafana: of("admin", "grafana-admin-password") }),
    ...(console === undefined ? {} : { console: of(CONSOLE_USER, CONSOLE_PASSWORD) }),
    ...externalCredentials(environment, secrets),
  };
}

/** Secrets the platform makes, and those the stack brings. */
function secretValues({ environment, greptimedb, grafana, console }: Topology): SecretValues {
  const config = new pulumi.Config();
  const random = (name: string) => new RandomToken(name).token;
  const values: Record<string, pulumi.Input<string>> = { "otlp-token": random("otlp-token") };
  if (greptimedb !== undefined) {
    const password = random("greptimedb-password");
    values["greptimedb-password"] = password;
    values["greptimedb-users"] = pulumi.secret(pulumi.interpolate`${environment.greptimedb.user}=${password}`);
  }
  if (grafana !== undefined) values["grafana-admin-password"] = random("grafana-admin-password");
  if (console !== undefined) values[CONSOLE_PASSWORD] = random(CONSOLE_PASSWORD);
  // Replicas sign each other's sessions and read each other's secrets.
  if (environment.grafana.database !== undefined) values["grafana-secret-key"] = random("grafana-secret-key");
  const { enabled, agentEndpoint, apiKeySecret } = environment.datadog;
  if (enabled && agentEndpoint === undefined)
    values["datadog-api-key"] = config.getSecret(apiKeySecret) ?? pulumi.secret("not set");
  const brought = broughtSecrets(environment, config);
  return { ...values, ...brought, ...externalSecrets(environment, brought) };
}

/** Secrets the stack brings. A preview needs none: whoever reviews a change has none. */
function broughtSecrets(environment: Environment, config: pulumi.Config): SecretValues {
  const names = secretsNeededBy(environment);
  const missing = findMissingSecrets(environment, new Set(names.filter((name) => config.get(name) !== undefined)));
  if (!pulumi.runtime.isDryRun()) throwIfAny(missing);
  for (const { path, fix } of missing) void pulumi.log.warn(`${path} is not set; before \`up\`: ${fix}`);
  return Object.fromEntries(names.map((name) => [name, config.getSecret(name) ?? pulumi.secret("not set")]));
}
