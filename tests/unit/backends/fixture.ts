import { parse } from "yaml";
import type { Placement } from "../../../components/runtime/placement.ts";
import { PROCESS_PATHS, type Workload, type WorkloadPaths } from "../../../components/runtime/workload.ts";

/** A backend placed in a process of its own on loopback. */
export function placementOf<Port extends string>(
  name: string,
  ports: Readonly<Record<Port, number>>,
  paths: WorkloadPaths = PROCESS_PATHS,
): Placement<Port> {
  return {
    name,
    bind: "127.0.0.1",
    dial: `${name}.internal`,
    ports,
    paths,
    certificateNames: [name, `${name}.internal`],
    memoryMiB: 512,
  };
}

/** A configuration file of a workload, read back. */
export function readConfig(workload: Workload, file: string): unknown {
  const text = workload.files[file];
  if (text === undefined) throw new Error(`${workload.name} has no ${file}: ${Object.keys(workload.files).join(", ")}`);
  return parse(text);
}

/** The value of a `--name=value` argument; each that is repeated. */
export function valuesOf({ args }: Workload, flag: string): readonly string[] {
  return args.filter((arg) => arg.startsWith(`${flag}=`)).map((arg) => arg.slice(flag.length + 1));
}

/** Values at every key of that name, however deep. */
export function findAll(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => findAll(item, key));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, item]) => [...(name === key ? [item] : []), ...findAll(item, key)]);
}
