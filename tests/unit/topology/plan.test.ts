import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toAddress } from "../../../components/core/endpoint.ts";
import { findPortClashes } from "../../../infra/deploy/deployable.ts";
import { planDestinations } from "../../../infra/deploy/gateways.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import type { Environment } from "../../../infra/environment/schema.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { messageOf } from "../../support/problems.ts";
import { throwIfAny } from "../../../components/core/errors.ts";
import { HOST_KEY } from "../../support/host-key.ts";

const hostRuntime = fc.constantFrom("process", "docker", "ssh", "kubernetes");
const environments: fc.Arbitrary<Environment> = fc
  .record({
    runtime: fc.constantFrom("process", "docker", "kubernetes"),
    hosts: fc.array(fc.record({ runtime: hostRuntime, gpus: fc.integer({ min: 1, max: 16 }) }), {
      minLength: 1,
      maxLength: 12,
    }),
    gateways: fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      addresses: fc.constant(["otlp-1.example.org:4317", "otlp-2.example.org:4317"]),
    }),
    sampling: fc.record({ default: fc.constantFrom(1, 0.5, 0.1) }),
    prometheus: fc.record({ replicas: fc.integer({ min: 1, max: 2 }) }),
    tempo: fc.record({ enabled: fc.boolean() }),
    loki: fc.record({ enabled: fc.boolean() }),
    jaeger: fc.record({ enabled: fc.boolean() }),
    greptimedb: fc.record({ enabled: fc.boolean() }),
  })
  .filter(
    ({ tempo, jaeger, loki, greptimedb }) => greptimedb.enabled || (loki.enabled && (tempo.enabled || jaeger.enabled)),
  )
  .map((raw) =>
    loadEnvironment("local", {
      ...raw,
      hosts: raw.hosts.map((host, index) => ({
        ...host,
        // Gateways on loopback are out of reach for hosts over ssh.
        runtime: raw.runtime === "process" && host.runtime === "ssh" ? "process" : host.runtime,
        simulated: host.runtime === "docker",
        name: `host-${index}`,
        address: `host-${index}.internal`,
        nodeLabels: { pool: String(index) },
        hostKey: HOST_KEY,
      })),
    }),
  );

describe("planTopology", () => {
  it("gives every listener of a machine a port of its own", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        expect(findPortClashes(planDeployables(planTopology(environment)))).toEqual([]);
      }),
    );
  });

  it("lets every agent reach every gateway, and hosts take turns at the first (S0-29)", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        const { hosts, gateways } = planTopology(environment);
        const each = gateways.map(({ dial, ports }) => toAddress({ host: dial, port: ports.otlpGrpc }));
        // One name stands for all where a cluster runs them; hosts elsewhere are told where to go.
        const beside = environment.runtime === "kubernetes" ? ["gateway.gpu-observability.svc:4317"] : each;
        for (const { runtime, gateways: known } of hosts) {
          const all = runtime === environment.runtime ? beside : environment.gateways.addresses;
          expect(known.map(toAddress).sort()).toEqual([...all].sort());
        }
        const alike = hosts.filter(({ runtime }) => runtime === hosts[0]?.runtime);
        if (alike.length < hosts.length) return;
        const firsts = new Set(hosts.map(({ gateways: [first] }) => first && toAddress(first)));
        expect(firsts.size).toBe(Math.min(hosts.length, hosts[0]?.gateways.length ?? 0));
      }),
    );
  });

  it("gives every signal a backend", () => {
    const kinds: Readonly<Record<string, readonly string[]>> = {
      metrics: ["prometheus", "greptimedb"],
      traces: ["tempo", "jaeger", "greptimedb"],
      logs: ["loki", "greptimedb"],
    };
    fc.assert(
      fc.property(environments, (environment) => {
        const reached = planDestinations(planTopology(environment)).map(({ kind }) => kind);
        for (const [signal, takers] of Object.entries(kinds)) {
          expect(
            reached.some((kind) => takers.includes(kind)),
            signal,
          ).toBe(true);
        }
      }),
    );
  });

  it("plans the same topology and files for the same environment", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        expect(planDeployables(planTopology(environment))).toEqual(planDeployables(planTopology(environment)));
      }),
      { numRuns: 20 },
    );
  });

  it("gives every workload a name of its own", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        const names = planDeployables(planTopology(environment)).map(({ workload }) => workload.name);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it("says why a part is left out", () => {
    const environment = loadEnvironment("local", {
      runtime: "process",
      hosts: [{ name: "gpu-1", runtime: "process" }],
      greptimedb: { enabled: "if-available" },
      grafana: { enabled: false },
    });
    expect(planTopology(environment, { greptimedb: "no program" }).skipped).toEqual({
      greptimedb: "no program",
      grafana: "switched off: grafana.enabled is false",
    });
  });

  it("rejects two listeners on one port, and names both", () => {
    const environment = loadEnvironment("local", {
      runtime: "process",
      hosts: [{ name: "gpu-1", runtime: "process" }],
      network: { ports: { "loki.http": 3200 } },
    });
    const text = messageOf(() => throwIfAny(findPortClashes(planDeployables(planTopology(environment)))));
    expect(text).toContain("loki.http");
    expect(text).toContain("got       127.0.0.1:3200, already the port of tempo.http");
    expect(text).toContain("network.ports: { loki.http: <port> }");
  });
});
