import { describe, expect, it } from "vitest";
import type { Listener, Workload } from "../../../components/runtime/workload.ts";
import { type Deployable, findPortClashes } from "../../../infra/deploy/deployable.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";

const listener = (host: string, port: number): Listener => ({ host, port, protocol: "tcp", access: "mtls" });

function deployable(name: string, ports: Workload["ports"], machine = "this machine"): Deployable {
  const workload: Workload = {
    name,
    service: name.replace(/-[a-z]$/, ""),
    program: name,
    args: [],
    files: {},
    secretFiles: {},
    env: {},
    ports,
    volumes: [],
    health: { port: "http", path: "/", deadlineSeconds: 1 },
    resources: { memoryMiB: 1, cpu: 1 },
  };
  return { workload, runtime: "process", machine };
}

describe("findPortClashes", () => {
  it("rejects a port that two workloads of one machine ask for, and names both", () => {
    const clashes = findPortClashes([
      deployable("agent", { otlpGrpc: listener("127.0.0.1", 4317) }),
      deployable("gateway-a", { otlpGrpc: listener("127.0.0.1", 4317) }),
    ]);
    expect(clashes).toHaveLength(1);
    expect(clashes[0]).toMatchObject({
      path: "gateway-a.otlpGrpc on this machine",
      got: "127.0.0.1:4317, already the port of agent.otlpGrpc",
    });
  });

  it("names as the fix the setting that moves the port, which the environment accepts", () => {
    const environment = (ports: object) =>
      planTopology(
        loadEnvironment("local", {
          runtime: "process",
          hosts: [{ name: "gpu-1", runtime: "process", gpus: 1 }],
          network: { ports },
        }),
      );
    const before = findPortClashes(planDeployables(environment({ "loki.http": 9090 })));
    expect(before.map(({ path }) => path)).toEqual(["loki.http on this machine"]);
    expect(before[0]?.fix).toContain("network.ports: { loki.http: <port> }");
    expect(findPortClashes(planDeployables(environment({ "loki.http": 13100 })))).toEqual([]);
  });

  it("rejects a port that one workload asks for twice", () => {
    const ports = { http: listener("127.0.0.1", 80), metrics: listener("127.0.0.1", 80) };
    expect(findPortClashes([deployable("loki", ports)]).map(({ path }) => path)).toEqual([
      "loki.metrics on this machine",
    ]);
  });

  it("tells everyone but the first owner to move", () => {
    const all = ["tempo", "loki", "jaeger"].map((name) => deployable(name, { http: listener("127.0.0.1", 80) }));
    expect(findPortClashes(all).map(({ path, got }) => [path, got.split("already the port of ")[1]])).toEqual([
      ["loki.http on this machine", "tempo.http"],
      ["jaeger.http on this machine", "tempo.http"],
    ]);
  });

  it("lets replicas share a port on addresses of their own", () => {
    expect(
      findPortClashes([
        deployable("gateway-a", { otlpGrpc: listener("127.0.0.1", 14317) }),
        deployable("gateway-b", { otlpGrpc: listener("127.0.0.2", 14317) }),
      ]),
    ).toEqual([]);
  });

  it.each([
    ["0.0.0.0", "127.0.0.1"],
    ["127.0.0.1", "0.0.0.0"],
    ["::", "10.0.0.1"],
  ])("rejects %s beside %s on one port: one of them is every address", (first, second) => {
    const clashes = findPortClashes([
      deployable("loki", { http: listener(first, 3100) }),
      deployable("tempo", { http: listener(second, 3100) }),
    ]);
    expect(clashes.map(({ path }) => path)).toEqual(["tempo.http on this machine"]);
  });

  it("lets TCP and UDP share a port number, and knows who asks for both", () => {
    const of = (protocol: Listener["protocol"]) => ({ ...listener("127.0.0.1", 9094), protocol });
    const clashesOf = (first: Listener["protocol"], second: Listener["protocol"]) =>
      findPortClashes([deployable("alertmanager-a", { mesh: of(first) }), deployable("loki", { http: of(second) })]);
    expect(clashesOf("udp", "tcp")).toEqual([]);
    expect(clashesOf("tcp+udp", "tcp")).toHaveLength(1);
    expect(clashesOf("udp", "tcp+udp")).toHaveLength(1);
  });

  it("lets containers and hosts share a port, each being a machine of its own", () => {
    expect(
      findPortClashes([
        deployable("tempo", { otlp: listener("0.0.0.0", 4317) }, "tempo"),
        deployable("jaeger", { otlp: listener("0.0.0.0", 4317) }, "jaeger"),
      ]),
    ).toEqual([]);
  });

  it("finds none where nothing listens", () => {
    expect(findPortClashes([])).toEqual([]);
    expect(findPortClashes([deployable("job", {})])).toEqual([]);
  });
});
