import { basename } from "node:path";
import { OWN_PROGRAMS } from "../../deploy/own-programs.ts";
import { CATALOGUE } from "../../toolchain/catalogue.ts";

/** Programs whose image is named otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "opentelemetry-collector-contrib": "otelcol",
  "opentelemetry-collector": "otelcol",
  "node-exporter": "node_exporter",
};

/** Name of the program a process runs. */
export function programOfCommand(command: readonly string[]): string {
  const own = Object.entries(OWN_PROGRAMS).find(([, script]) => command.some((part) => part.endsWith(script)));
  return own?.[0] ?? basename(command[0] ?? "");
}

/** Name of the program in an image: the catalogue's, however the registry before it is called. */
export function programOfImage(image: string): string {
  const last = basename(repositoryOf(image));
  const known = Object.entries(CATALOGUE.programs).find(
    ([, { source }]) => basename(repositoryOf(CATALOGUE.sources[source]?.image ?? "")) === last,
  );
  return known?.[0] ?? OTHER_NAMES[last] ?? last;
}

/** Programs of services that are named otherwise. */
const OF_SERVICE: Readonly<Record<string, string>> = {
  gateway: "otelcol",
  agent: "otelcol",
  "node-exporter": "node_exporter",
};

/** Name of the program that runs a service; a simulated host plays its DCGM exporter. */
export function programOfService(service: string, args: readonly string[]): string {
  if (service === "dcgm-exporter" && args.includes("--scenario")) return "dcgm-simulator";
  return OF_SERVICE[service] ?? service;
}

/** An image without tag and digest: `prom/prometheus`. */
export function repositoryOf(image: string): string {
  const [name = ""] = image.split("@");
  return name.replace(/:[^/:]*$/, "");
}

/** Tag of an image, empty where there is none. */
export function tagOf(image: string): string {
  const [name = ""] = image.split("@");
  return /:([^/:]*)$/.exec(name)?.[1] ?? "";
}

/** Digest of an image, `sha256:…`. */
export function digestOf(image: string): string | undefined {
  return image.split("@")[1];
}
