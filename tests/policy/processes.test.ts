import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { toYaml } from "../../components/core/yaml.ts";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";
import { isLoopback } from "../../infra/policy/read/listener.ts";
import { listenersOf } from "../../infra/policy/read/listeners.ts";
import { readPlatform } from "../../infra/policy/read/platform.ts";
import { COLLECTOR, type Json } from "./downgrades/downgrade.ts";
import { kubernetesResources } from "./manifests.ts";
import { localResources } from "./processes.ts";
import { violations } from "./violations.ts";

/** Changes the plan of one process. */
function plan(name: string, change: (props: Json) => void): readonly EngineResource[] {
  return localResources().map((resource) => {
    if (resource.props["name"] !== name) return resource;
    const props = structuredClone(resource.props);
    change(props);
    return { ...resource, props };
  });
}

function collector(name: string, change: (tree: Json) => void): readonly EngineResource[] {
  return plan(name, (props) => {
    const tree: Json = parse(props.files[COLLECTOR]);
    change(tree);
    props.files[COLLECTOR] = toYaml(tree);
  });
}

const ports = (listeners: readonly { readonly host: string; readonly port: number }[]) =>
  listeners.map(({ host, port }) => `${host}:${port}`).sort();

describe("what the pack reads of a process", () => {
  it("is every port it was planned to listen on, out of the program's own configuration", () => {
    const { units } = readPlatform(localResources());
    for (const unit of units) expect([unit.name, ports(listenersOf(unit))]).toEqual([unit.name, ports(unit.declared)]);
  });

  it("agrees with the plan on what is in plain text", () => {
    const { units } = readPlatform(localResources());
    for (const unit of units) {
      const plain = unit.declared.filter(({ access }) => access === "plaintext").map(({ port }) => port);
      const read = listenersOf(unit)
        // Planned to ask for a password: GreptimeDB has no TLS on HTTP.
        .filter(({ tls, port }) => tls === "none" && port !== 4000)
        .map(({ port }) => port);
      expect([unit.name, read.sort()]).toEqual([unit.name, plain.sort()]);
    }
  });

  it("is every port of a pod", () => {
    const { units } = readPlatform(kubernetesResources("production"));
    expect(units.flatMap(listenersOf).filter(({ name }) => name.startsWith("port "))).toEqual([]);
  });
});

describe("a downgraded local", () => {
  it("rejects an agent whose failover connector has no queue", () => {
    const broken = collector("gpu-1-agent", (tree) => (tree.connectors["failover/logs"].sending_queue.enabled = false));
    expect(violations(broken).join("\n")).toContain(
      "collector-persistent-queue: process gpu-1-agent: exporter otlp_grpc/gateway_1: has no queue",
    );
  });

  it("rejects a process that binds every address", () => {
    const open = collector("gateway-a", (tree) => (tree.receivers.otlp.protocols.grpc.endpoint = "0.0.0.0:14317"));
    expect(violations(open).join("\n")).toContain("no-open-wildcard: process gateway-a: receiver otlp grpc");
  });

  it("rejects two processes on one port, also by way of every address", () => {
    const clashing = collector("gateway-a", (tree) => (tree.extensions.health_check.endpoint = "0.0.0.0:9100"));
    expect(violations(clashing).join("\n")).toContain("no-port-clashes: process gpu-1-node-exporter: web");
  });

  it("accepts the same port on another address", () => {
    const { units } = readPlatform(localResources());
    const all = units.flatMap(listenersOf);
    expect(new Set(all.map(({ port }) => port)).size).toBeLessThan(all.length);
    expect(all.every(({ host }) => isLoopback(host))).toBe(true);
    expect(violations(localResources())).toEqual([]);
  });

  it("accepts one gateway, which staging and production do not", () => {
    const alone = localResources().filter(({ props }) => props["name"] !== "gateway-b");
    expect(violations(alone)).toEqual([]);
    const staged = alone.map((resource) => ({ ...resource, urn: resource.urn.replace(":local::", ":staging::") }));
    expect(violations(staged).join("\n")).toContain("gateways-redundant: process gateway-a: 1 run, at least 2 must");
  });

  it("judges a stack of an unknown name as production", () => {
    const other = localResources().map((resource) => ({
      ...resource,
      urn: resource.urn.replace(":local::", ":mine::"),
    }));
    expect(readPlatform(other).environment).toBe("production");
  });
});
