import { describe, expect, it } from "vitest";
import type { Workload } from "../../../components/runtime/workload.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { type Edge, planEdges } from "../../../infra/deploy/edges.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { NAMESPACE } from "../../../infra/topology/place.ts";
import { planTopology } from "../../../infra/topology/plan.ts";

/** Addresses of services of the cluster, however a configuration writes them. */
const DIALLED = new RegExp(`(?:[a-z]+-\\d\\.)?([a-z]+)\\.${NAMESPACE}\\.svc:(\\d+)`, "g");

/** Ports found by name, through SRV records. */
const LOOKED_UP = new RegExp(`_([a-z]+)\\._tcp\\.([a-z]+)\\.${NAMESPACE}\\.svc`, "g");
const STANDARD: Readonly<Record<string, Readonly<Record<string, number>>>> = { gateway: { metrics: 8889 } };

/** Who comes in from outside. */
const AROUND: readonly string[] = ["hosts", "ingress"];

const toText = ({ from, to, port }: Pick<Edge, "from" | "to" | "port">) => `${from} -> ${to}:${port}`;

/** Whom a workload dials, read off its arguments and configuration files: independent of how edges are planned. */
function dialledBy({ service, args, files, env }: Workload): readonly string[] {
  // What a server tells others about itself is no connection of its own, and links in messages are for people.
  const said = args.filter((arg) => !arg.startsWith("--web.external-url="));
  const configured = Object.entries(files).filter(([path]) => !/rules\/|dashboards\//.test(path));
  const text = [...said, ...Object.values(env), ...configured.map(([, content]) => content)].join("\n");
  return [
    ...[...text.matchAll(DIALLED)].map(([, to = "", port = ""]) => `${service} -> ${to}:${port}`),
    ...[...text.matchAll(LOOKED_UP)].map(([, port = "", to = ""]) => `${service} -> ${to}:${STANDARD[to]?.[port]}`),
  ];
}

describe.each(["staging", "production"] as const)("the edges of %s", (name) => {
  const topology = planTopology(readEnvironment(PROJECT_ROOT, name));
  const central = planDeployables(topology).filter(
    ({ runtime, workload }) => runtime === "kubernetes" && workload.hostAccess === undefined,
  );
  const edges = planEdges(topology);

  it("are the connections that the configurations open, no more and no fewer", () => {
    const inside = edges.filter(({ from, to }) => !AROUND.includes(from) && to !== "outside").map(toText);
    // Members of a ring learn each other's gRPC addresses from its gossip, not from a file.
    const learnt = central.flatMap(({ workload: { service, ports, replicas = 1 } }) =>
      replicas > 1 && ports["gossip"] !== undefined ? [`${service} -> ${service}:${ports["grpc"]?.port}`] : [],
    );
    const dialled = [...new Set([...central.flatMap(({ workload }) => dialledBy(workload)), ...learnt])];
    expect(inside.toSorted()).toEqual(dialled.toSorted());
  });

  it("end at ports that somebody listens on", () => {
    const listening = central.flatMap(({ workload: { service, ports } }) =>
      Object.values(ports).map(({ port }) => `${service}:${port}`),
    );
    for (const { to, port } of edges.filter((edge) => edge.to !== "outside")) {
      expect(listening).toContain(`${to}:${port}`);
    }
  });

  it("let hosts in at the gateways' OTLP ports only", () => {
    expect(edges.filter(({ from }) => from === "hosts").map(toText)).toEqual([
      "hosts -> gateway:4317",
      "hosts -> gateway:4318",
    ]);
  });

  it("let people in at Grafana alone", () => {
    expect(edges.filter(({ from }) => from === "ingress").map(toText)).toEqual(["ingress -> grafana:3000"]);
  });

  it("let out Alertmanager and what keeps its blocks in an object store", () => {
    const out = new Set(edges.filter(({ to }) => to === "outside").map(({ from }) => from));
    expect([...out].toSorted()).toEqual(["alertmanager", "grafana", "loki", "tempo"]);
  });
});
