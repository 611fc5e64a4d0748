import { setTimeout as sleep } from "node:timers/promises";
import { CONFIG_FILE } from "../../../components/collector/config.ts";
import { planGateways } from "../../deploy/gateways.ts";
import { readEnvironment } from "../../environment/load.ts";
import { planTopology } from "../../topology/plan.ts";
import { PROJECT_ROOT } from "../folders.ts";
import { cpuSecondsOf } from "../resident.ts";
import { OFFLINE } from "../unavailable.ts";
import { type Bench, median, round, toSpans, withFolder } from "./bench.ts";
import { CLIENT_TLS, Collectors, HOSTS, SERVER_TLS, TOKEN } from "./collectors.ts";

const ROUNDS = 3;
const REQUESTS = 60;
const SPANS_PER_REQUEST = 1000;
const SENDER_PORTS = { full: 24318, bare: 24319 } as const;

/** CPU of a gateway with everything on per span, beside a collector that only takes and hands on, in turn. */
export const gateway: Bench = {
  name: "gateway",
  run: (say) =>
    withFolder(async (folder) => {
      const collectors = new Collectors(folder);
      try {
        await collectors.start("sink", renderSink());
        const full = await collectors.start("full", renderFull());
        const bare = await collectors.start("bare", renderBare());
        await collectors.start("sender", renderSender());
        const costs = { full: [] as number[], bare: [] as number[] };
        for (let index = 0; index < ROUNDS; index += 1) {
          for (const [name, pid] of [
            ["full", full],
            ["bare", bare],
          ] as const) {
            costs[name].push(await measure(pid, SENDER_PORTS[name]));
            say(`round ${index + 1} of ${ROUNDS}, ${name}: ${round(costs[name].at(-1) ?? 0, 1)} µs of CPU per span`);
          }
        }
        const [fullCost, bareCost] = [median(costs.full), median(costs.bare)];
        return {
          spansPerRound: REQUESTS * SPANS_PER_REQUEST,
          fullMicrosecondsPerSpan: round(fullCost, 1),
          bareMicrosecondsPerSpan: round(bareCost, 1),
          ratio: round(fullCost / bareCost),
        };
      } finally {
        collectors.stop();
      }
    }),
};

/** CPU time of one collector per span, in microseconds, for one round. */
async function measure(pid: number, port: number): Promise<number> {
  const bodies = Array.from({ length: REQUESTS }, () => toSpans(SPANS_PER_REQUEST));
  const before = cpuSecondsOf(pid);
  for (const body of bodies) {
    const url = `http://${HOSTS.sender}:${port}/v1/traces`;
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!answer.ok) throw new Error(`the sender answered ${answer.status}`);
  }
  // Until queues and connectors have flushed.
  await sleep(4000);
  return ((cpuSecondsOf(pid) - before) * 1_000_000) / (REQUESTS * SPANS_PER_REQUEST);
}

/** The gateway `local` runs, moved to the bench's network. */
function renderFull(): string {
  const local = readEnvironment(PROJECT_ROOT, "local");
  const [first] = planGateways(
    planTopology({ ...local, network: { ...local.network, loopback: "127.75.0" } }, OFFLINE),
  );
  const config = first?.files[CONFIG_FILE];
  if (config === undefined) throw new Error("local has no gateway");
  return config;
}

function renderBare(): object {
  return {
    extensions: TOKEN,
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `${HOSTS.bare}:14317`, tls: SERVER_TLS, auth: { authenticator: "bearertokenauth" } },
        },
      },
    },
    exporters: { otlp_grpc: { endpoint: `${HOSTS.first}:4327`, tls: CLIENT_TLS } },
    service: {
      extensions: ["bearertokenauth"],
      telemetry: { metrics: { level: "none" } },
      pipelines: { traces: { receivers: ["otlp"], exporters: ["otlp_grpc"] } },
    },
  };
}

/** What stands for the backends: takes everything and keeps nothing. */
function renderSink(): object {
  const grpc = (port: number) => ({ protocols: { grpc: { endpoint: `${HOSTS.first}:${port}`, tls: SERVER_TLS } } });
  const prometheus = (host: string) => ({
    protocols: { http: { endpoint: `${host}:9090`, tls: SERVER_TLS, metrics_url_path: "/api/v1/otlp/v1/metrics" } },
  });
  return {
    receivers: {
      "otlp/tempo": grpc(4327),
      "otlp/jaeger": grpc(4337),
      "otlp/a": prometheus(HOSTS.first),
      "otlp/b": prometheus(HOSTS.second),
    },
    exporters: { debug: { verbosity: "basic", sampling_initial: 1, sampling_thereafter: 100_000 } },
    service: {
      telemetry: { metrics: { level: "none" }, logs: { level: "error" } },
      pipelines: {
        traces: { receivers: ["otlp/tempo", "otlp/jaeger"], exporters: ["debug"] },
        metrics: { receivers: ["otlp/a", "otlp/b"], exporters: ["debug"] },
      },
    },
  };
}

/** Sends to both as an agent does: gRPC, mutual TLS, token, gzip, batches of the agent's size. */
function renderSender(): object {
  const exporter = (host: string) => ({
    endpoint: `${host}:14317`,
    tls: CLIENT_TLS,
    auth: { authenticator: "bearertokenauth" },
    compression: "gzip",
    sending_queue: { batch: { flush_timeout: "200ms", min_size: 1024, max_size: 8192 } },
  });
  const receiver = (port: number) => ({ protocols: { http: { endpoint: `${HOSTS.sender}:${port}` } } });
  return {
    extensions: TOKEN,
    receivers: { "otlp/full": receiver(SENDER_PORTS.full), "otlp/bare": receiver(SENDER_PORTS.bare) },
    exporters: { "otlp_grpc/full": exporter(HOSTS.first), "otlp_grpc/bare": exporter(HOSTS.bare) },
    service: {
      extensions: ["bearertokenauth"],
      telemetry: { metrics: { level: "none" } },
      pipelines: {
        "traces/full": { receivers: ["otlp/full"], exporters: ["otlp_grpc/full"] },
        "traces/bare": { receivers: ["otlp/bare"], exporters: ["otlp_grpc/bare"] },
      },
    },
  };
}
