import * as pulumi from "@pulumi/pulumi";
import { planAlerts } from "../../components/alerts/render.ts";
import { toAddress } from "../../components/core/endpoint.ts";
import { ConfigError, throwIfAny } from "../../components/core/errors.ts";
import { ProcessRuntime } from "../../components/runtime/process/process-runtime.ts";
import type { Runtime, SecretValues } from "../../components/runtime/runtime.ts";
import { Service } from "../../components/runtime/service.ts";
import { CertificateAuthority } from "../../components/security/certificate-authority.ts";
import { LeafCertificate } from "../../components/security/leaf-certificate.ts";
import { RandomToken } from "../../components/security/random-token.ts";
import { stateFolder } from "../cli/folders.ts";
import { findMissingSecrets, secretsNeededBy } from "../environment/rules.ts";
import type { Environment } from "../environment/schema.ts";
import type { RuntimeName, Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";
import { planAlertSettings } from "./alerts.ts";
import { deployDatadog } from "./datadog.ts";
import { deployExternalGrafana } from "./external-grafana.ts";
import { resolveProgram } from "./programs.ts";

/** What an environment offers once it runs. */
export interface Platform {
  /** Address of every listener, by workload and port name. */
  readonly endpoints: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Certificate that identifies the operator; the key is a secret. */
  readonly operator: {
    readonly ca: pulumi.Output<string>;
    readonly cert: pulumi.Output<string>;
    readonly key: pulumi.Output<string>;
  };
  /** Passwords the platform made for people, by service; all secret. */
  readonly credentials: Readonly<Record<string, { readonly user: string; readonly password: pulumi.Input<string> }>>;
}

/** Creates the secrets of an environment, then every workload on its runtime. */
export function deploy(topology: Topology, deployables: readonly Deployable[]): Platform {
  const { environment } = topology;
  const { name, datadog, alerts } = environment;
  const planned = planAlerts(planAlertSettings(topology));
  deployDatadog({ environment: name, datadog, alerts: planned, runbooks: alerts.runbooks });
  const runtimes = runtimesFor(environment, deployables);
  const { authorityValidityDays, validityDays, renewBeforeDays } = environment.certificates;
  const authority = new CertificateAuthority("authority", {
    commonName: `gpu-observability ${environment.name}`,
    validityDays: authorityValidityDays,
    // Before its last leaf would outlive it.
    renewBeforeDays: Math.min(validityDays + renewBeforeDays, authorityValidityDays - 1),
  });
  const leaves = { validityDays, renewBeforeDays };
  const secrets = secretValues(topology);
  for (const { workload, runtime } of deployables) {
    new Service(workload.name, { workload, runtime: runtimes[runtime] as Runtime, authority, leaves, secrets });
  }
  const { external } = environment.grafana;
  if (external !== undefined) deployExternalGrafana(topology, external, { authority, leaves }, secrets);
  const request = { commonName: "operator", dnsNames: ["operator"], ipAddresses: [] };
  const operator = new LeafCertificate("operator", { authority, request, ...leaves });
  return {
    endpoints: Object.fromEntries(deployables.map((deployable) => [deployable.workload.name, endpointsOf(deployable)])),
    operator: { ca: authority.certPem, cert: operator.certPem, key: operator.keyPem },
    credentials: credentialsOf(topology, secrets),
  };
}

function credentialsOf({ environment, greptimedb, grafana }: Topology, secrets: SecretValues): Platform["credentials"] {
  const of = (user: string, secret: string) => ({ user, password: secrets[secret] ?? "" });
  return {
    ...(greptimedb === undefined ? {} : { greptimedb: of(environment.greptimedb.user, "greptimedb-password") }),
    ...(grafana === undefined ? {} : { grafana: of("admin", "grafana-admin-password") }),
  };
}

/** Secrets the platform makes, and those the stack brings. */
function secretValues({ environment, greptimedb, grafana }: Topology): SecretValues {
  const config = new pulumi.Config();
  const random = (name: string) => new RandomToken(name).token;
  const values: Record<string, pulumi.Input<string>> = { "otlp-token": random("otlp-token") };
  if (greptimedb !== undefined) {
    const password = random("greptimedb-password");
    values["greptimedb-password"] = password;
    values["greptimedb-users"] = pulumi.secret(pulumi.interpolate`${environment.greptimedb.user}=${password}`);
  }
  if (grafana !== undefined) values["grafana-admin-password"] = random("grafana-admin-password");
  const { enabled, agentEndpoint, apiKeySecret } = environment.datadog;
  if (enabled && agentEndpoint === undefined) values["datadog-api-key"] = config.requireSecret(apiKeySecret);
  const brought = secretsNeededBy(environment);
  throwIfAny(findMissingSecrets(environment, new Set(brought.filter((name) => config.get(name) !== undefined))));
  for (const name of brought) values[name] = config.requireSecret(name);
  return values;
}

function endpointsOf({ workload }: Deployable) {
  return Object.fromEntries(Object.entries(workload.ports).map(([name, listener]) => [name, toAddress(listener)]));
}

/** @throws {ConfigError} when a workload was planned for a runtime that is not built yet */
function runtimesFor(
  environment: Environment,
  deployables: readonly Deployable[],
): Partial<Record<RuntimeName, Runtime>> {
  const runtimes: Partial<Record<RuntimeName, Runtime>> = {
    process: new ProcessRuntime({
      stateFolder: stateFolder(environment.name),
      resolveProgram,
      logCapMiB: environment.logCapMiB,
    }),
  };
  const missing = [...new Set(deployables.map(({ runtime }) => runtime))].filter((name) => !(name in runtimes));
  if (missing.length > 0) {
    throw new ConfigError([
      {
        path: `stacks/Pulumi.${environment.name}.yaml: runtime`,
        expected: `a runtime this version can deploy to: ${Object.keys(runtimes).join(", ")}`,
        got: missing.join(", "),
        fix: `see what it would deploy: npm run render -- ${environment.name}`,
      },
    ]);
  }
  return runtimes;
}
