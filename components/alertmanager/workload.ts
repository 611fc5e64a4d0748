import { readFileSync } from "node:fs";
import { type Address, toAddress, toEndpoint } from "../core/endpoint.ts";
import { toYaml } from "../core/yaml.ts";
import { mutualTlsListeners, renderWebConfig } from "../runtime/listeners.ts";
import { certificateRequest, replicasOf } from "../runtime/placement.ts";
import { within, type Workload } from "../runtime/workload.ts";
import { notificationSecrets } from "./recipients.ts";
import { renderAlertmanager, renderClusterTls, TEMPLATE_FILE, PEER_NAME } from "./render.ts";
import type { AlertmanagerSettings } from "./settings.ts";

const TEMPLATE = readFileSync(new URL(TEMPLATE_FILE, import.meta.url), "utf8");

/** One Alertmanager of a cluster: each alert is sent once although every Prometheus tells every Alertmanager. */
export function alertmanagerWorkload(settings: AlertmanagerSettings): Workload {
  const { placement, peers, externalUrl = toEndpoint("https", clientAddress(settings)) } = settings;
  const { name, bind, ports, paths, memoryMiB } = placement;
  return {
    name,
    service: "alertmanager",
    program: "alertmanager",
    args: [
      `--config.file=${within(paths.config, "alertmanager.yml")}`,
      `--web.config.file=${within(paths.config, "web-config.yml")}`,
      `--web.listen-address=${bind}:${ports.http}`,
      // Links in messages; else they name whatever the machine calls itself.
      `--web.external-url=${externalUrl}`,
      // Else it serves everything below the path of that address.
      ...(new URL(externalUrl).pathname === "/" ? [] : ["--web.route-prefix=/"]),
      `--storage.path=${within(paths.data, "alertmanager")}`,
      `--cluster.listen-address=${bind}:${ports.cluster}`,
      // TLS gossip runs over TCP alone.
      `--cluster.tls-config=${within(paths.config, "cluster-tls.yml")}`,
      ...peers.map((peer) => `--cluster.peer=${toAddress(peer)}`),
    ],
    files: {
      "alertmanager.yml": toYaml(renderAlertmanager(settings)),
      "web-config.yml": toYaml(renderWebConfig(paths)),
      "cluster-tls.yml": toYaml(renderClusterTls(settings)),
      [TEMPLATE_FILE]: TEMPLATE,
    },
    secretFiles: Object.fromEntries(notificationSecrets(settings).map((secret) => [secret, secret])),
    env: {},
    ports: mutualTlsListeners(placement),
    volumes: [{ name: "alertmanager", sizeMiB: 256, stateful: true }],
    health: { port: "http", path: "/-/ready", deadlineSeconds: 60 },
    resources: { memoryMiB, cpu: 0.1 },
    certificate: certificateRequest({
      ...placement,
      certificateNames: [...placement.certificateNames, PEER_NAME],
    }),
    ...replicasOf(placement),
  };
}

function clientAddress({ placement: { dial, ports } }: AlertmanagerSettings): Address {
  return { host: dial, port: ports.http };
}
