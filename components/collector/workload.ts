import { toYaml } from "../core/yaml.ts";
import { certificateRequest, type Placement, replicasOf } from "../runtime/placement.ts";
import { type HostAccess, type Listener, within, type Workload } from "../runtime/workload.ts";
import { CONFIG_FILE, type CollectorConfig } from "./config.ts";
import { goMemoryLimit, RARE_COLLECTION } from "./memory.ts";
import { renderAgent } from "./render-agent.ts";
import { DATADOG_KEY_FILE } from "./render-destinations.ts";
import { renderGateway } from "./render-gateway.ts";
import { GREPTIMEDB_PASSWORD_FILE } from "./render-greptimedb.ts";
import { isSampling } from "./render-sampling.ts";
import { TOKEN_FILE } from "./render-shared.ts";
import { receiveOn } from "./render-cluster.ts";
import type { AgentCluster, AgentSettings, Destination, GatewaySettings } from "./settings.ts";

/** The collector of one GPU host. */
export function agentWorkload(settings: AgentSettings): Workload {
  const { placement, queueMiB = 512 } = settings;
  const open = (port: number, host = placement.bind): Listener => ({
    host,
    port,
    protocol: "tcp",
    access: "plaintext",
  });
  const { otlpGrpc, otlpHttp, health, metrics } = placement.ports;
  const receive = receiveOn(settings);
  return {
    ...collector(placement, "agent", renderAgent(settings), queueMiB),
    // Its reference counting frees a batch that the failover connector offers to the next gateway (0.145 panics).
    args: [...configArgs(placement), "--feature-gates=-pdata.enableRefCounting"],
    secretFiles: { [TOKEN_FILE]: "otlp-token" },
    ports: {
      otlpGrpc: open(otlpGrpc, receive),
      otlpHttp: open(otlpHttp, receive),
      health: open(health),
      metrics: open(metrics),
    },
    ...(settings.cluster === undefined ? {} : { hostAccess: agentAccess(settings.cluster) }),
  };
}

/** The node's logs, and its root folder for the sizes of its file systems. */
function agentAccess({ rootPath }: AgentCluster): HostAccess {
  return {
    mounts: [
      { hostPath: "/var/log", mountPath: "/var/log" },
      { hostPath: "/", mountPath: rootPath },
    ],
    gpus: false,
    processes: false,
    podNames: true,
  };
}

/** One of the gateways. */
export function gatewayWorkload(settings: GatewaySettings): Workload {
  const { placement, sampling, scrapeEnabled, queueMiB, destinations } = settings;
  const { otlpGrpc, otlpHttp, peer, health, metrics, scrape } = placement.ports;
  const listener = (port: number, access: Listener["access"]): Listener => ({
    host: placement.bind,
    port,
    protocol: "tcp",
    access,
  });
  return {
    ...collector(placement, "gateway", renderGateway(settings), queueMiB),
    env: { ...goMemoryLimit(placement.memoryMiB), ...RARE_COLLECTION },
    ...(settings.maxReplicas === undefined ? {} : { maxReplicas: settings.maxReplicas }),
    secretFiles: {
      [TOKEN_FILE]: "otlp-token",
      ...(destinations.some(({ kind }) => kind === "greptimedb")
        ? { [GREPTIMEDB_PASSWORD_FILE]: "greptimedb-password" }
        : {}),
      ...Object.fromEntries(destinations.flatMap(credentialsOf).map((secret) => [secret, secret])),
      ...(destinations.some((one) => one.kind === "datadog" && "site" in one)
        ? { [DATADOG_KEY_FILE]: "datadog-api-key" }
        : {}),
    },
    ports: {
      otlpGrpc: listener(otlpGrpc, "mtls+token"),
      otlpHttp: listener(otlpHttp, "mtls+token"),
      ...(isSampling(sampling) ? { peer: listener(peer, "mtls+token") } : {}),
      ...(scrapeEnabled ? { scrape: listener(scrape, "mtls") } : {}),
      health: listener(health, "plaintext"),
      metrics: listener(metrics, "plaintext"),
    },
  };
}

/** A secret under its own name as the file's. */
function credentialsOf(destination: Destination): readonly string[] {
  const { credentials } = "access" in destination ? destination.access : {};
  return credentials === undefined ? [] : [credentials.secret];
}

function collector(placement: Placement, service: string, config: CollectorConfig, queueMiB: number) {
  return {
    name: placement.name,
    service,
    program: "otelcol",
    args: configArgs(placement),
    files: { [CONFIG_FILE]: toYaml(config) },
    env: goMemoryLimit(placement.memoryMiB),
    volumes: [{ name: "queue", sizeMiB: queueMiB, stateful: true }],
    health: { port: "health", path: "/", deadlineSeconds: 60 },
    resources: { memoryMiB: placement.memoryMiB, cpu: 0.5 },
    certificate: certificateRequest(placement),
    ...replicasOf(placement),
  };
}

function configArgs({ paths }: Placement): readonly string[] {
  return [`--config=${within(paths.config, CONFIG_FILE)}`];
}
