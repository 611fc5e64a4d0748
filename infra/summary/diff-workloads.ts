import type { Change } from "./change.ts";
import { compare, describeProperties } from "./compare.ts";
import type { ImageSummary, ListenerSummary, Summary, WorkloadSummary } from "./model.ts";

type Workloads = Summary["workloads"];

/** Workloads that come, go or move. Those of a host that comes or goes are told with the host. */
export function diffWorkloads(before: Workloads, now: Workloads): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  const isOfNew = (host: string | undefined, there: Workloads) =>
    host !== undefined && !Object.values(there).some((workload) => workload.host === host);
  const show = ({ program, runtime, replicas }: WorkloadSummary) =>
    `${program} on ${runtime}${replicas > 1 ? `, ${replicas} replicas` : ""}`;
  const one = (what: string): Change => ({ group: "workloads", what, of: [] });
  return [
    ...added
      .filter(([, { host }]) => !isOfNew(host, before))
      .map(([name, workload]) => one(`workload ${name} added (${show(workload)})`)),
    ...removed
      .filter(([, { host }]) => !isOfNew(host, now))
      .map(([name, workload]) => one(`workload ${name} removed (${show(workload)})`)),
    ...kept.flatMap(([name, old, workload]) =>
      describeProperties(old, workload, { program: "program", runtime: "runtime" }).map((what): Change => ({
        group: "workloads",
        what,
        of: [name],
      })),
    ),
  ];
}

/** Copies, memory, processors, disk. */
export function diffSizes(before: Workloads, now: Workloads): readonly Change[] {
  return compare(before, now).kept.flatMap(([name, old, workload]) => {
    const volumes = compare(old.volumes, workload.volumes);
    // Where nothing scales by itself, the most there may be is what there is.
    const scales = [old, workload].some(({ replicas, maxReplicas }) => replicas !== maxReplicas);
    return [
      ...describeProperties(old, workload, {
        replicas: "replicas",
        maxReplicas: scales ? "most replicas" : undefined,
        memoryMiB: "memory limit in MiB",
        cpu: "processors reserved",
      }),
      ...volumes.added.map(([volume, size]) => `volume ${volume} added (${size} MiB)`),
      ...volumes.removed.map(([volume, size]) => `volume ${volume} removed (${size} MiB)`),
      ...volumes.kept.map(([volume, was, size]) => `volume ${volume} in MiB ${was} -> ${size}`),
    ].map((what): Change => ({ group: "sizes", what, of: [name] }));
  });
}

export function diffPorts(before: Workloads, now: Workloads): readonly Change[] {
  const show = ({ host, port, protocol, access }: ListenerSummary) => `${host}:${port} ${protocol}, ${access}`;
  return compare(before, now).kept.flatMap(([name, old, workload]) => {
    const { added, removed, kept } = compare(old.ports, workload.ports);
    return [
      ...added.map(([port, listener]) => `port ${port} added (${show(listener)})`),
      ...removed.map(([port, listener]) => `port ${port} removed (${show(listener)})`),
      ...kept.flatMap(([port, was, listener]) =>
        describeProperties(was, listener, {
          port: `port ${port}`,
          host: `address of port ${port}`,
          protocol: `protocol of port ${port}`,
          access: `access to port ${port}`,
        }),
      ),
    ].map((what): Change => ({ group: "ports", what, of: [name] }));
  });
}

/** Programs in other versions. One that comes or goes does so with its workloads. */
export function diffImages(before: Summary["images"], now: Summary["images"], workloads: Workloads): readonly Change[] {
  return compare(before, now).kept.map(([program, old, image]) => ({
    group: "images",
    what: describeImage(program, old, image),
    of: Object.entries(workloads)
      .filter(([, workload]) => workload.program === program)
      .map(([name]) => name),
  }));
}

function describeImage(program: string, before: ImageSummary, now: ImageSummary): string {
  const version = before.version === now.version ? "" : ` ${before.version} -> ${now.version}`;
  if (before.image === now.image) return `program ${program}${version}`;
  return `image ${program}${version} (${before.image ?? "none"} -> ${now.image ?? "none"})`;
}
