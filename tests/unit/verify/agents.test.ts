import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { planVerify, whyUnreachable } from "../../../infra/cli/verify/plan.ts";
import { toTable } from "../../../infra/cli/verify/table.ts";
import { verify } from "../../../infra/cli/verify/verify.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { FakePlatform } from "./fake-platform.ts";

const servers: Server[] = [];

/** An agent that answers everything with one status. */
async function agentAnswering(status: number, body = "{}"): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(status).end(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("verify through several agents", () => {
  let platform = new FakePlatform();
  afterEach(async () => {
    await platform.stop();
    platform = new FakePlatform();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it("misses everything of an agent that refuses, at once, and nothing of the others", async () => {
    const { agents, ...rest } = await platform.start();
    const otlp = await agentAnswering(503, "memory limit");
    const refusing = { name: "agent-2", host: "gpu-2", otlp, otlpGrpc: otlp };
    const started = performance.now();
    const report = await verify({ ...rest, agents: [...agents, refusing] }, platform.readerOf, 30);
    expect(performance.now() - started).toBeLessThan(15_000);
    const states = (agent: string) => report.cells.filter((cell) => cell.agent === agent);
    expect(new Set(states("agent-1").map(({ status }) => status))).toEqual(new Set(["landed"]));
    expect(states("agent-2")).toHaveLength(states("agent-1").length);
    for (const { status, reason } of states("agent-2")) {
      expect(status).toBe("missing");
      expect(reason).toMatch(/the agent did not take it: .*503: memory limit/);
    }
    expect(toTable(report)).not.toContain("landed");
  });

  it("names the refused connection of an agent that is down", async () => {
    const { agents, ...rest } = await platform.start();
    const otlp = await agentAnswering(200);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const [agent] = agents;
    if (agent === undefined) throw new Error("the platform has an agent");
    const report = await verify({ ...rest, agents: [{ ...agent, otlp }] }, platform.readerOf, 30);
    for (const { reason } of report.cells) expect(reason).toContain("ECONNREFUSED");
  });

  it("gives no cell where there is no agent to send through", async () => {
    const plan = await platform.start();
    expect((await verify({ ...plan, agents: [] }, platform.readerOf, 1)).cells).toEqual([]);
  });
});

describe("planVerify", () => {
  const environment = (changes: object) =>
    planTopology(
      loadEnvironment("local", {
        runtime: "process",
        gateways: { addresses: ["otlp.example.com:4317"] },
        hosts: [
          { name: "gpu-1", runtime: "process", gpus: 8 },
          { name: "far", runtime: "kubernetes", gpus: 8 },
        ],
        ...changes,
      }),
    );

  it("sends through the agents this machine can reach, in plaintext, and reads over TLS (S0-59)", () => {
    const { agents, backends } = planVerify(environment({ prometheus: { replicas: 2 } }));
    const [otlp, otlpGrpc] = ["http://127.0.0.1:4318", "http://127.0.0.1:4317"];
    expect(agents).toEqual([{ name: "gpu-1-agent", host: "gpu-1", otlp, otlpGrpc }]);
    expect(backends.map(({ name }) => name)).toEqual(expect.arrayContaining(["prometheus-a", "prometheus-b"]));
    for (const { kind, endpoint } of backends) expect(endpoint).toMatch(kind === "greptimedb" ? /^http:/ : /^https:/);
  });

  it("asks Grafana for the data sources of the backends there are", () => {
    const on = { enabled: true };
    const { backends } = planVerify(environment({ jaeger: { enabled: false }, grafana: on, greptimedb: on }));
    expect(backends.find(({ kind }) => kind === "grafana")?.dataSources).toEqual([
      ...["prometheus", "alertmanager", "prometheus-b", "alertmanager-b"],
      ...["tempo", "loki", "greptimedb", "greptimedb-sql"],
    ]);
  });

  it("says of a cluster that it is reached from inside alone, and of nothing else", () => {
    expect(whyUnreachable({ name: "staging", runtime: "kubernetes" })).toContain("staging");
    expect(whyUnreachable({ name: "dev", runtime: "docker" })).toBeUndefined();
  });

  it("reads from no backend that is switched off, and says so", () => {
    const { backends, skipped } = planVerify(environment({ jaeger: { enabled: false } }));
    expect(backends.map(({ kind }) => kind)).not.toContain("jaeger");
    expect(skipped["jaeger"]).toContain("switched off");
  });
});
