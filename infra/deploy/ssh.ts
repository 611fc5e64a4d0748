import type * as pulumi from "@pulumi/pulumi";
import type { SshConnection } from "../../components/runtime/ssh/connection.ts";
import { type HostProgram, planHostProgram } from "../../components/runtime/ssh/host-program.ts";
import type { DcgmExporterSource, HostSettings } from "../../components/runtime/ssh/host-settings.ts";
import type { SshRuntimeArgs } from "../../components/runtime/ssh/ssh-runtime.ts";
import { stateFolder } from "../cli/folders.ts";
import type { Environment, HostDescription } from "../environment/schema.ts";
import { CATALOGUE, entriesOf } from "../toolchain/catalogue.ts";
import { resolveImage } from "./images.ts";

/** Programs that an ssh host fetches; its DCGM exporter comes by a way of its own. */
const FETCHED = ["otelcol", "node_exporter"] as const;

/** What an environment tells the runtime `ssh`; secrets come from the stack. */
export function planSsh(environment: Environment, secretOf: (name: string) => pulumi.Input<string>): SshRuntimeArgs {
  const hosts = environment.hosts.filter(({ runtime }) => runtime === "ssh");
  return {
    hosts: Object.fromEntries(
      hosts.map((host) => [
        host.name,
        { ...planHostSettings(environment, host.name), connection: planConnection(environment, host, secretOf) },
      ]),
    ),
    bundleFolder: `${stateFolder(environment.name)}/bundles`,
  };
}

/** What a host is told beside its workloads. Pure. */
export function planHostSettings({ ssh }: Environment, name: string): HostSettings {
  return { name, dcgmExporter: exporterOf(ssh.dcgmExporter), programs: planPrograms(ssh.mirror) };
}

function exporterOf(source: Environment["ssh"]["dcgmExporter"]): DcgmExporterSource {
  switch (source.kind) {
    case "container":
      return { ...source, image: resolveImage("dcgm-exporter").image };
    case "package":
      return { kind: "package", version: source.version ?? exporterVersion() };
    case "existing":
      return source;
  }
}

/** Of `<DCGM>-<exporter>`, as upstream's tags say both; its packages say the exporter's alone. */
function exporterVersion(): string {
  const [, exporter] = CATALOGUE.sources["dcgm-exporter"]?.version.split("-") ?? [];
  if (exporter === undefined)
    throw new Error("versions.json: dcgm-exporter has no version of the form <DCGM>-<exporter>");
  return exporter;
}

function planPrograms(mirror: string | undefined): Readonly<Record<string, HostProgram>> {
  const planned = entriesOf(FETCHED, CATALOGUE).map(({ name, source: { version, release }, program: { member } }) => {
    if (release === undefined || member === undefined) throw new Error(`versions.json: ${name} has no release`);
    return [name, planHostProgram({ version, release, member }, mirror)] as const;
  });
  return Object.fromEntries(planned);
}

/**
 * Where a host is reached. One in quarantine is not: the name is one that nobody can have (RFC 2606), so that a host whose
 * state holds nothing yet, which the engine would install, is sent nothing.
 */
export function reachAt({ name, address = name, state }: Pick<HostDescription, "name" | "address" | "state">): string {
  return state === "quarantined" ? `${name}.quarantined.invalid` : address;
}

function planConnection(
  { ssh }: Environment,
  host: HostDescription,
  secretOf: (name: string) => pulumi.Input<string>,
): SshConnection {
  const { hostKey = "", user = ssh.user, port = ssh.port } = host;
  const privateKey = secretOf(ssh.privateKey);
  const locked = ssh.privateKeyPassword === undefined ? {} : { privateKeyPassword: secretOf(ssh.privateKeyPassword) };
  const key = { privateKey, ...locked };
  const sudo = typeof ssh.sudo === "object" ? { password: secretOf(ssh.sudo.password) } : ssh.sudo;
  return {
    host: reachAt(host),
    port,
    user,
    hostKey,
    ...key,
    ...(sudo === undefined ? {} : { sudo }),
    ...(ssh.bastion === undefined ? {} : { bastion: { ...ssh.bastion, hostKey: ssh.bastion.hostKey ?? "", ...key } }),
  };
}
