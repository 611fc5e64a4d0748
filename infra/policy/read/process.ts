import type { Unit } from "../model.ts";
import type { EngineResource } from "./engine-resource.ts";
import { numberAt, textAt, textMapAt, textsAt, treesAt } from "./known.ts";
import { programOfCommand } from "./program.ts";

/** Type of `Process`, which runs a workload on this machine. */
export const PROCESS = "pulumi-nodejs:dynamic/gpuobs/runtime:Process";

/** The unit of a process; nothing for any other resource. */
export function readProcess({ type, urn, props }: EngineResource): readonly Unit[] {
  if (type !== PROCESS) return [];
  const name = textAt(props, "name");
  const listeners = treesAt(props, "listeners").map((listener) => ({
    name: textAt(listener, "name"),
    host: textAt(listener, "host"),
    port: numberAt(listener, "port") ?? 0,
    protocol: textAt(listener, "protocol"),
    access: textAt(listener, "access"),
  }));
  return [
    {
      where: `process ${name}`,
      urn,
      runtime: "process",
      name,
      program: programOfCommand(textsAt(props, "command")),
      args: textsAt(props, "args"),
      env: textMapAt(props, "env"),
      files: textMapAt(props, "files"),
      declared: listeners,
      network: { machine: "this machine", published: [] },
      replicas: 1,
      mounts: [{ path: "data", keeps: "host" }],
    },
  ];
}
