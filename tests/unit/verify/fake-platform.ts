import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import type { VerifyBackend, VerifyPlan } from "../../../infra/cli/verify/plan.ts";
import type { Reader } from "../../../infra/cli/verify/read.ts";

/** What is wrong with a backend: `empty` knows nothing new, as when its exporter is broken; `hung` never answers. */
export type Fault = "empty" | "hung" | "refusing";

type BackendName = "prometheus-a" | "prometheus-b" | "tempo" | "jaeger" | "loki" | "grafana";
type Body = Record<string, unknown> | readonly unknown[];

/** Servers that speak as much of the agent's and the backends' APIs as `verify` asks for. */
export class FakePlatform {
  private readonly servers: Server[] = [];
  private readonly dispatcher = new Agent();
  private traceId = "";
  /** Answer of the agent to everything sent to it. */
  agentAnswer: { status: number; body: Body } = { status: 200, body: {} };

  async start(faults: Readonly<Partial<Record<BackendName, Fault>>> = {}): Promise<VerifyPlan> {
    const kinds = {
      "prometheus-a": "prometheus",
      "prometheus-b": "prometheus",
      tempo: "tempo",
      jaeger: "jaeger",
      loki: "loki",
      grafana: "grafana",
    } as const;
    const backends = await Promise.all(
      (Object.keys(kinds) as BackendName[]).map(async (name): Promise<VerifyBackend> => {
        const fault = faults[name];
        const endpoint = await this.listen((path) => this.answer(path, fault), fault);
        return { name, kind: kinds[name], endpoint, ...(name === "grafana" ? { dataSources: ["tempo"] } : {}) };
      }),
    );
    const otlp = await this.listen((_path, sent) => {
      this.traceId = /"traceId":"([0-9a-f]{32})"/.exec(sent)?.[1] ?? this.traceId;
      return this.agentAnswer;
    });
    return { agents: [{ name: "agent-1", host: "gpu-1", otlp, otlpGrpc: otlp }], backends, skipped: {} };
  }

  readonly readerOf = ({ endpoint }: VerifyBackend): Reader => ({ endpoint, dispatcher: this.dispatcher });

  async stop(): Promise<void> {
    await this.dispatcher.destroy();
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  private answer(path: string, fault: Fault | undefined): { status: number; body: Body } {
    const found = fault !== "empty";
    if (path === "/api/datasources") return { status: 200, body: found ? [{ uid: "tempo" }] : [] };
    if (path.startsWith("/api/v1/query_exemplars")) {
      const exemplars = [{ labels: { trace_id: this.traceId } }];
      return { status: 200, body: { data: found ? [{ exemplars }] : [] } };
    }
    if (/^\/api\/v[23]\/traces\//.test(path)) {
      return found ? { status: 200, body: { spans: [{ spanId: "AAAA" }] } } : { status: 404, body: {} };
    }
    // Series of hosts and lines of kernels from before the fault are still there.
    return { status: 200, body: { data: { result: found || /node_load1|hw_gpu|kernel/.test(path) ? [{}] : [] } } };
  }

  private async listen(
    answer: (path: string, sent: string) => { status: number; body: Body },
    fault?: Fault,
  ): Promise<string> {
    const server = createServer((request, response) => {
      if (fault === "hung") return;
      let sent = "";
      request.on("data", (chunk: Buffer) => (sent += chunk.toString()));
      request.on("end", () => {
        const { status, body } = answer(request.url ?? "", sent);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    this.servers.push(server);
    if (fault === "refusing") await new Promise((resolve) => server.close(resolve));
    return `http://127.0.0.1:${port}`;
  }
}
