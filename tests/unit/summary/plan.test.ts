import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AREAS } from "../../../components/alerts/areas.ts";
import { planAlerts } from "../../../components/alerts/render.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planAlertSettings } from "../../../infra/deploy/alerts.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { diffSummaries } from "../../../infra/summary/diff.ts";
import { packSummary, unpackSummary } from "../../../infra/summary/pack.ts";
import { planSummary } from "../../../infra/summary/plan.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { type Raw, summaryOf } from "./stacks.ts";
import { HOST_KEY } from "../../support/host-key.ts";

/** What Pulumi keeps of an output. */
const throughState = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const LIMIT = 200 * 1024;

describe("the summary of an environment", () => {
  it("is made without knowing where it is made: planned twice it is the same text", () => {
    expect(JSON.stringify(summaryOf("local"))).toBe(JSON.stringify(summaryOf("local")));
  });

  it.each(ENVIRONMENT_NAMES)("names every alert of %s and every threshold that decides one", (name) => {
    const topology = planTopology(readEnvironment(PROJECT_ROOT, name));
    const { alerts, thresholds } = summaryOf(name);
    expect(Object.keys(alerts)).toEqual(planAlerts(planAlertSettings(topology)).map((alert) => alert.name));
    const all = AREAS.flatMap((area) => Object.keys(area.thresholds).map((key) => `${area.name}.${key}`));
    expect(Object.keys(thresholds)).toEqual(all);
    const used = new Set(Object.values(alerts).flatMap((alert) => Object.keys(alert.thresholds)));
    expect(alerts["GpuTooHot"]?.thresholds).toEqual({ "gpu.temperature": thresholds["gpu.temperature"] });
    expect(used.size).toBeGreaterThan(all.length * 0.7);
  });

  it("comes back from the state as it went in, whatever the operator chose", () => {
    const choices = fc.record({
      rate: fc.double({ min: 0, max: 1, noNaN: true }),
      temperature: fc.integer({ min: 1, max: 120 }),
      days: fc.integer({ min: 1, max: 400 }),
      hosts: fc.integer({ min: 1, max: 5 }),
      services: fc.dictionary(fc.string({ minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), { maxKeys: 3 }),
    });
    fc.assert(
      fc.property(choices, ({ rate, temperature, days, hosts, services }) => {
        const edit = (raw: Raw) => {
          raw["sampling"] = { default: rate, services };
          raw["alerts"] = { gpu: { temperature } };
          raw["prometheus"].retention = `${days}d`;
          raw["hosts"] = Array.from({ length: hosts }, (_, index) => ({
            name: `gpu-${index}`,
            runtime: "ssh",
            address: `gpu-${index}.internal`,
            hostKey: HOST_KEY,
          }));
        };
        const summary = summaryOf("production", edit);
        const back = unpackSummary(throughState(packSummary(summary)));
        expect(back).toEqual(throughState(summary));
        expect(diffSummaries(summary, summaryOf("production", edit))).toEqual([]);
        if (back !== undefined) expect(diffSummaries(back, summary)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it.each(ENVIRONMENT_NAMES)("fits into the state of %s", (name) => {
    expect(JSON.stringify(packSummary(summaryOf(name))).length).toBeLessThan(LIMIT / 4);
  });

  it("fits into the state with 500 hosts over SSH", () => {
    const summary = summaryOf("production", (raw) => {
      raw["hosts"] = Array.from({ length: 500 }, (_, index) => ({
        name: `gpu-${index}`,
        runtime: "ssh",
        address: `gpu-${index}.internal`,
        hostKey: HOST_KEY,
      }));
    });
    const packed = packSummary(summary);
    expect(Object.keys(packed.workloads).length).toBeGreaterThan(1500);
    expect(JSON.stringify(packed).length).toBeLessThan(LIMIT);
  });

  it("rejects a state of another format as one that says nothing", () => {
    expect(unpackSummary(undefined)).toBeUndefined();
    expect(unpackSummary("text")).toBeUndefined();
    expect(unpackSummary({ ...packSummary(summaryOf("local")), format: 0 })).toBeUndefined();
  });

  it("holds neither secrets, nor their names, nor how anybody is reached", () => {
    const canary = (what: string) => `canary-${what}`;
    const raw: Raw = {
      runtime: "kubernetes",
      hosts: [{ name: "pool", runtime: "kubernetes" }],
      alertmanager: {
        replicas: 3,
        receivers: [
          { kind: "webhook", name: "hook", secret: canary("webhook") },
          { kind: "slack", name: "chat", channel: canary("channel"), secret: canary("slack") },
          {
            kind: "email",
            name: "mail",
            to: ["canary-to@example.org"],
            from: "canary-from@example.org",
            smarthost: "canary-host:587",
            user: canary("user"),
            secret: canary("password"),
          },
        ],
        deadManSwitch: { secret: canary("switch") },
      },
      greptimedb: { enabled: true, user: canary("greptime") },
      grafana: { enabled: true, external: { url: "https://canary.example.org", token: canary("token") } },
      datadog: { enabled: true, apiKeySecret: canary("api"), appKeySecret: canary("app") },
    };
    const topology = planTopology(loadEnvironment("staging", raw));
    const text = JSON.stringify(planSummary(topology, planDeployables(topology)));
    expect(text).toContain('"hook":{"kind":"webhook","toldOf":["critical","warning"]}');
    expect(text).not.toContain("canary");
  });
});
