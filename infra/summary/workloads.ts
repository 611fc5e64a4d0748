import { hashOf } from "../../components/core/hash.ts";
import { toJson } from "../../components/core/yaml.ts";
import type { Deployable } from "../deploy/deployable.ts";
import { type Catalogue, entriesOf } from "../toolchain/catalogue.ts";
import type { FileSummary, ImageSummary, WorkloadSummary } from "./model.ts";

const AGENT = "agent";

/** What each workload is, by name. */
export function planWorkloadSummaries(deployables: readonly Deployable[]): Readonly<Record<string, WorkloadSummary>> {
  const hosts = hostsOf(deployables);
  return Object.fromEntries(
    deployables.map((deployable) => [deployable.workload.name, toSummary(deployable, hosts)] as const),
  );
}

function toSummary(deployable: Deployable, hosts: ReadonlySet<string>): WorkloadSummary {
  const { workload, runtime } = deployable;
  const { name, service, program, replicas = 1, maxReplicas = replicas, resources, volumes, ports } = workload;
  const prefix = name.slice(0, -service.length - 1);
  const host = hosts.has(prefix) ? prefix : undefined;
  const files = Object.entries(filesOf(deployable)).map(([path, text]) => [path, toFileSummary(text, host)] as const);
  return {
    service,
    program,
    runtime,
    ...(host === undefined ? {} : { host }),
    replicas,
    maxReplicas,
    memoryMiB: resources.memoryMiB,
    cpu: resources.cpu,
    volumes: Object.fromEntries(volumes.map((volume) => [volume.name, volume.sizeMiB])),
    ports: Object.fromEntries(
      Object.entries(ports).map(([port, { host: bind, port: number, protocol, access }]) => [
        port,
        { host: bind, port: number, protocol, access },
      ]),
    ),
    files: Object.fromEntries(files),
  };
}

/** Every host has an agent, named after it. */
function hostsOf(deployables: readonly Deployable[]): ReadonlySet<string> {
  const agents = deployables.filter(({ workload }) => workload.service === AGENT);
  return new Set(agents.map(({ workload }) => workload.name.slice(0, -AGENT.length - 1)));
}

/** Everything a workload is started with, by path; the same as in `tests/golden/<stack>/<workload>`. */
export function filesOf({ workload, runtime, machine }: Deployable): Readonly<Record<string, string>> {
  const { files, ...rest } = workload;
  return { "workload.json": toJson({ runtime, machine, ...rest }), ...files };
}

/** Hosts differ in their own name; without it, equal files have equal hashes and a thousand hosts cost one entry. */
function toFileSummary(text: string, host: string | undefined): FileSummary {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return { hash: hashOf(host === undefined ? text : text.replaceAll(host, "<host>")), lines };
}

/** The programs those workloads run. */
export function planImages(
  workloads: Readonly<Record<string, WorkloadSummary>>,
  catalogue: Catalogue,
): Readonly<Record<string, ImageSummary>> {
  const programs = [...new Set(Object.values(workloads).map(({ program }) => program))];
  const known = programs.filter((name) => catalogue.programs[name] !== undefined).sort();
  return Object.fromEntries(
    entriesOf(known, catalogue).map(({ name, source: { version, image } }) => [
      name,
      { version, ...(image === undefined ? {} : { image }) },
    ]),
  );
}
