import type { Tree, Unit } from "../model.ts";
import { typeOf } from "./collector.ts";
import { fileOf } from "./file.ts";
import { numberAt, textAt, treeAt, treesAt } from "./known.ts";
import { collectorTls, endpointsOf, type Listening, toAddress } from "./listener.ts";

/** Where the protocols of the `otlp` receiver listen when nothing is said. */
const DEFAULTS: Readonly<Record<string, string>> = { grpc: "localhost:4317", http: "localhost:4318" };

/** Receivers whose endpoint is one they fetch from. */
const CLIENTS = new Set(["kubeletstats", "docker_stats"]);

/** Servers of a collector or of Jaeger, which is one: receivers, extensions, exporters that wait to be scraped. */
export function collectorListeners(body: Tree): readonly Listening[] {
  return [
    ...serversOf("receiver", treeAt(body, "receivers"), (id) => !CLIENTS.has(typeOf(id))),
    ...serversOf("extension", treeAt(body, "extensions"), () => true),
    ...serversOf("exporter", treeAt(body, "exporters"), (id) => typeOf(id) === "prometheus"),
    ...treesAt(body, "service", "telemetry", "metrics", "readers").flatMap((reader): Listening[] => {
      const exporter = treeAt(reader, "pull", "exporter", "prometheus");
      const port = numberAt(exporter, "port");
      if (port === undefined) return [];
      return [{ name: "own metrics", host: textAt(exporter, "host"), port, protocol: "tcp", tls: "none" }];
    }),
  ];
}

function serversOf(kind: string, components: Tree, wanted: (id: string) => boolean): readonly Listening[] {
  return Object.entries(components)
    .filter(([id]) => wanted(id))
    .flatMap(([id, component]) =>
      endpointsOf(component).map(([protocol, server]): Listening => {
        const address = toAddress(textAt(server, "endpoint") || (DEFAULTS[protocol] ?? ""));
        const name = [kind, id, protocol].filter((part) => part !== "").join(" ");
        return { name, ...address, protocol: "tcp", tls: collectorTls(server) };
      }),
    );
}

/** The configuration of Jaeger v2. */
export function jaegerListeners(unit: Unit): readonly Listening[] {
  const body = fileOf(unit, "jaeger.yaml");
  return body === undefined ? [] : collectorListeners(body);
}
