import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { planEdges } from "../../../infra/deploy/edges.ts";
import { outsideAddresses, toHostAndPort } from "../../../infra/environment/outside-addresses.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { messageOf } from "../../support/problems.ts";

const set = (values: readonly string[]) => values.flatMap((value) => ["--set", value]);
const staging = (...values: readonly string[]) => parseEnvironment(["staging", ...set(values)]);
const json = (key: string, value: object) => `${key}=${JSON.stringify(value)}`;
const s3 = (endpoint: string) => ({ kind: "s3", endpoint, bucket: "b", credentials: "objects" });

/** Everything that can be named, each behind a Service of its own. */
const EVERYTHING = [
  json("prometheus", {
    external: { url: "https://ask.a.svc", writeUrls: ["https://write.a.svc:81/x"], namespace: "a" },
  }),
  json("greptimedb", { external: { url: "https://rows.b.svc:82", mysql: "rows.b.svc:83" } }),
  json("tempo", { storage: s3("blocks.c.svc:84") }),
  json("loki", { storage: s3("blocks.c.svc") }),
  json("jaeger", { storage: { kind: "opensearch", urls: ["https://search.d.svc:85"] } }),
  json("grafana", { enabled: true, database: { address: "postgres.e.svc:86", password: "database" } }),
  json("datadog", { enabled: true, agentEndpoint: { host: "agent.f.svc", port: 87 } }),
  "alertmanager={}",
];

const outbound = (values: readonly string[]) =>
  planEdges(planTopology(staging(...values)))
    .filter(({ to }) => to === "outside" || to === "monitoring")
    .map(({ from, to, port }) => `${from} -> ${to}:${port}`);

describe("kubernetes.podPorts", () => {
  it("moves what is let out to each address that can be named, and nothing else", () => {
    const addresses = outsideAddresses(staging(...EVERYTHING)).map(toHostAndPort);
    expect(addresses).toHaveLength(9);
    const before = outbound(EVERYTHING);
    for (const [index, address] of addresses.entries()) {
      const after = outbound([...EVERYTHING, json("kubernetes.podPorts", { [address]: 20_000 + index })]);
      const moved = after.filter((edge) => !before.includes(edge));
      expect(moved, address).not.toEqual([]);
      for (const edge of moved) expect(edge).toMatch(new RegExp(`:${20_000 + index}$`));
      const gone = before.filter((edge) => !after.includes(edge));
      for (const edge of gone) expect(edge).toMatch(new RegExp(`:${address.split(":")[1]}$`));
    }
  });

  it("reaches a Prometheus whose Service listens on 80 and whose pods listen on 9090", () => {
    const external = { url: "http://prometheus-server.monitoring.svc", namespace: "monitoring" };
    const values = [json("prometheus", { external }), "alertmanager={}"];
    expect(outbound(values)).toContain("gateway -> monitoring:80");
    const ports = json("kubernetes.podPorts", { "prometheus-server.monitoring.svc:80": 9090 });
    const edges = outbound([...values, ports]);
    expect(edges).toEqual(expect.arrayContaining(["gateway -> monitoring:9090", "grafana -> monitoring:9090"]));
    expect(edges.filter((edge) => edge.endsWith(":80"))).not.toContain("gateway -> monitoring:80");
  });

  it("rejects an address that the environment does not name, and says which it does", () => {
    const ports = json("kubernetes.podPorts", { "rows.b.svc:84": 4000 });
    const message = messageOf(() => staging(...EVERYTHING, ports));
    expect(message).toContain("1 problem:\n  --set kubernetes.podPorts.rows.b.svc:84\n");
    expect(message).toContain("rows.b.svc:82, rows.b.svc:83");
  });
});
