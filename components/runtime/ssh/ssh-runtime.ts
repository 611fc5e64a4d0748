import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError, type Problem, throwIfAny } from "../../core/errors.ts";
import type { Deployed } from "../runtime.ts";
import { keepBundle, pruneBundles } from "./bundle-folder.ts";
import { findUnverified, type SshConnection, toConnectionArgs } from "./connection.ts";
import { HostApply } from "./host-apply.ts";
import type { HostPart, HostRuntime } from "../host-runtime.ts";
import type { HostSettings } from "./host-settings.ts";
import { uploadName } from "./names.ts";
import { planBundle } from "./plan-bundle.ts";
import { TLS_PATHS } from "./secrets.ts";

export interface SshRuntimeArgs {
  /** Every host, by name. */
  readonly hosts: Readonly<Record<string, HostSettings & { readonly connection: SshConnection }>>;
  /** Folder of this machine that keeps rendered bundles, for a day; the state holds their digests alone. */
  readonly bundleFolder: string;
}

/**
 * Runs workloads as systemd services of bare machines: per host `${host}-bundle`, the copy of one file, and
 * `${host}-apply`, which installs it whole or not at all. Obtains no host key and changes nothing outside of the
 * platform's own folders, units and users, but for a drop-in of rsyslog and of logrotate.
 */
export class SshRuntime implements HostRuntime {
  private readonly args: SshRuntimeArgs;

  /** @throws {ConfigError} naming every host whose key, or whose bastion's key, is not given */
  constructor(args: SshRuntimeArgs) {
    throwIfAny(Object.entries(args.hosts).flatMap(([name, { connection }]) => findUnverified(name, connection)));
    // A preview may stand beside an `up` of hours.
    if (!pulumi.runtime.isDryRun()) pruneBundles(args.bundleFolder);
    this.args = args;
  }

  /** @throws {ConfigError} on a host it does not know, a workload it cannot run, or a secret that is missing */
  deployHost(host: string, parts: readonly HostPart[], opts: pulumi.CustomResourceOptions): Deployed {
    const settings = this.args.hosts[host];
    if (settings === undefined) throw new ConfigError([unknownHost(host)]);
    const secretFiles = secretFilesOf(parts);
    const bundle = planBundle(
      settings,
      parts.map(({ workload }) => workload),
    );
    const { connection } = settings;
    const reach = toConnectionArgs(connection, pulumi.secret);
    const copy = new remote.CopyToRemote(
      `${host}-bundle`,
      {
        connection: reach,
        source: new pulumi.asset.FileAsset(keepBundle(this.args.bundleFolder, bundle)),
        // Below the home folder, where nobody else writes.
        remotePath: uploadName(bundle.version),
        // The plugin sends a file again only where the file changed; a machine that is new under an old name has none.
        triggers: [connection.host, connection.port ?? 22, connection.hostKey],
      },
      { ...opts, aliases: [formerly(host, "CopyToRemote", "bundle")] },
    );
    return new HostApply(
      `${host}-apply`,
      { host, connection, reach, bundle, secretFiles },
      { ...opts, dependsOn: [copy], aliases: [formerly(host, "Command", "apply")] },
    );
  }
}

/**
 * What a resource of a host was called before a fleet had two a host: below a component. As text, since of an alias in
 * parts the SDK makes ten promises.
 */
function formerly(host: string, type: string, part: string): string {
  const stack = `${pulumi.getStack()}::${pulumi.getProject()}`;
  return `urn:pulumi:${stack}::gpuobs:runtime:Host$command:remote:${type}::${host}-${part}`;
}

function secretFilesOf(parts: readonly HostPart[]): Record<string, pulumi.Input<string>> {
  const problems: Problem[] = [];
  const files: Record<string, pulumi.Input<string>> = {};
  for (const { workload, delivery } of parts) {
    for (const [path, name] of Object.entries(workload.secretFiles)) {
      const value = delivery.secrets[name];
      if (value === undefined) problems.push(missing(workload.name, `secret ${name}`));
      else files[`${workload.name}/secrets/${path}`] = value;
    }
    if (workload.certificate === undefined) continue;
    const { certificate } = delivery;
    if (certificate === undefined) problems.push(missing(workload.name, "a certificate"));
    else
      for (const part of ["certPem", "keyPem", "caPem"] as const)
        files[`${workload.name}/${TLS_PATHS[part]}`] = certificate[part];
  }
  throwIfAny(problems);
  return files;
}

function missing(workload: string, what: string): Problem {
  return {
    path: `workload ${workload}`,
    expected: what,
    got: "none",
    fix: "deliver it where the workloads of the host are put together",
  };
}

function unknownHost(host: string): Problem {
  return {
    path: `host ${host}`,
    expected: "a host with a connection",
    got: "none",
    fix: "give it runtime: ssh and a connection in the stack's hosts",
  };
}
