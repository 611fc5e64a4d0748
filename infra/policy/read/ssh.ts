import type { Unit } from "../model.ts";
import type { EngineResource } from "./engine-resource.ts";
import { textMapAt } from "./known.ts";
import { programOfService } from "./program.ts";

const COPY = "command:remote:CopyToRemote";

/** Where {@link readBundle} expects the files of a copied archive, which is one asset to the engine. */
export const BUNDLE = "bundle";

/** Whether a resource copies the bundle of an ssh host. */
export function isBundle({ type, urn }: Pick<EngineResource, "type" | "urn">): boolean {
  return type === COPY && urn.endsWith("-bundle");
}

/** The units of an ssh host: one for each service of its bundle that runs a workload with a configuration. */
export function readBundle(resource: EngineResource): readonly Unit[] {
  if (!isBundle(resource)) return [];
  const host = (resource.urn.split("::").at(-1) ?? "").replace(/-bundle$/, "");
  const files = textMapAt(resource.props, BUNDLE);
  const services = (files["plan"] ?? "")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([kind]) => kind === "unit");
  return services.map(([, unit = "", , , workload = ""]) =>
    toUnit(resource.urn, { host, unit, workload, text: files[`units/${unit}`] ?? "" }, files),
  );
}

interface Service {
  readonly host: string;
  /** `gpu-observability-agent.service` */
  readonly unit: string;
  readonly workload: string;
  readonly text: string;
}

function toUnit(urn: string, { host, unit, workload, text }: Service, files: Readonly<Record<string, string>>): Unit {
  const settings = text
    .split("\n")
    .map((line) => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)] as const);
  const valuesOf = (wanted: string) => settings.filter(([key]) => key === wanted).map(([, value]) => value);
  const memory = /^(\d+)M$/.exec(valuesOf("MemoryMax")[0] ?? "")?.[1];
  const args = toWords(valuesOf("ExecStart")[0] ?? "").slice(1);
  const folder = `config/${workload}/`;
  return {
    where: `service ${workload} on ${host}`,
    urn,
    runtime: "ssh",
    name: workload,
    program: programOfService(unit.replace(/^gpu-observability-|\.service$/g, ""), args),
    args,
    env: Object.fromEntries(valuesOf("Environment").map((value) => splitAtEquals(toWords(value)[0] ?? ""))),
    files: Object.fromEntries(
      Object.entries(files)
        .filter(([path]) => path.startsWith(folder))
        .map(([path, content]) => [path.slice(folder.length), content]),
    ),
    declared: [],
    network: { machine: `host ${host}`, published: [] },
    replicas: 1,
    mounts: [{ path: "/var/lib/gpu-observability", keeps: "host" }],
    limits: memory === undefined ? {} : { memoryMiB: Number(memory) },
  };
}

/** Words of a systemd setting, which quotes and escapes as `components/runtime/ssh/unit-text.ts` does. */
function toWords(text: string): readonly string[] {
  const words = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return words.map((word) =>
    (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word)
      .replaceAll("%%", "%")
      .replaceAll("$$", "$"),
  );
}

function splitAtEquals(text: string): [string, string] {
  const index = text.indexOf("=");
  return [text.slice(0, index), text.slice(index + 1)];
}
