import { describe, expect, it } from "vitest";
import { readPlatform } from "../../infra/policy/read/platform.ts";
import { RULES } from "../../infra/policy/rules.ts";
import { bundleResource } from "./bundles.ts";
import { containerResources } from "./containers.ts";
import { DOWNGRADES } from "./downgrades/all.ts";
import { kubernetesResources } from "./manifests.ts";
import { localResources } from "./processes.ts";
import { violations } from "./violations.ts";

const production = kubernetesResources("production");

describe("every rule", () => {
  it("accepts local as written", () => {
    expect(readPlatform(localResources()).units.length).toBeGreaterThan(15);
    expect(violations(localResources())).toEqual([]);
  });

  it.each([["staging", kubernetesResources("staging")] as const, ["production", production] as const])(
    "accepts %s as written",
    (_, resources) => {
      const { units, images, objects } = readPlatform(resources);
      expect(Math.min(units.length, images.length)).toBeGreaterThan(8);
      expect(objects).toHaveLength(resources.length);
      expect(violations(resources)).toEqual([]);
    },
  );

  // In `up --refresh` the engine asks about the refreshed resource, too, in any order.
  it.each([
    ["local", localResources()] as const,
    ["dev", [...containerResources(), bundleResource("gpu-1"), bundleResource("gpu-2")]] as const,
    ["production", production] as const,
  ])("finds no more in %s while each of its resources gets another parent", (_, resources) => {
    const former = resources.map((resource) => ({
      ...resource,
      urn: resource.urn.replace(/::(?=[^:]+:[^:]+:)/, "::moved$"),
    }));
    const found = new Set(violations(resources));
    expect(new Set(violations([...resources, ...former]))).toEqual(found);
    expect(new Set(violations([...former, ...resources]))).toEqual(found);
  });

  it.each([
    ["metrics written remotely", "metrics.path=remoteWrite"],
    ["metrics fetched", "metrics.path=scrape"],
    ["every trace kept", "sampling={ default: 1 }"],
    ["a debug exporter", "gateways.debugExporter=true"],
    ["Datadog's intake", "datadog.enabled=true"],
    ["blocks on disk", "tempo={ replicas: 1, storage: { kind: disk } }"],
    ["other ports", "network.ports={ prometheus.http: 19090 }"],
    ["a mirror of images", "kubernetes.imageRegistry=registry.internal:5000"],
    ["an ingress", "kubernetes={ ingress: { host: grafana.example.org, tls: { issuer: { name: letters } } } }"],
    ["a runtime class", "kubernetes.runtimeClass=nvidia"],
  ])("accepts production with %s", (_, setting) => {
    expect(violations(kubernetesResources("production", [setting]))).toEqual([]);
  });

  it("rejects production without an ingress or published runbooks: its links would open for nobody", () => {
    const found = violations(kubernetesResources("production", ["kubernetes={}", "alerts={}"]));
    expect(found.filter((text) => !text.startsWith("links-absolute: "))).toEqual([]);
    for (const said of [
      /prometheus: runbook_url of \w+ and \d+ more is missing\. Fix: .*alerts\.runbooks/,
      /prometheus: dashboard_url of \w+ and \d+ more is missing\. Fix: .*kubernetes\.ingress/,
      /alertmanager: --web\.external-url leads to alertmanager\.gpu-observability\.svc, which the cluster alone knows/,
    ]) {
      expect(found.filter((text) => said.test(text))).toHaveLength(1);
    }
  });

  it("rejects production with a Datadog Agent, which the gateways reach in plain text", () => {
    const settings = ["datadog={ enabled: true, agentEndpoint: { host: datadog-agent.internal } }"];
    expect(violations(kubernetesResources("production", settings))).toEqual([
      expect.stringMatching(/^no-tls-insecure: .*exporters\.otlp_grpc\/datadog\.tls\.insecure is on/),
    ]);
  });

  it.each(RULES.map(({ name }) => name))("%s has a downgrade that breaks it", (name) => {
    expect(DOWNGRADES.map(({ rule }) => rule)).toContain(name);
  });

  it("has a name, a description and a fix of its own", () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
    for (const { name, description, fix } of RULES) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(Math.min(description.length, fix.length)).toBeGreaterThan(10);
    }
  });
});

describe("a downgraded production", () => {
  it.each(DOWNGRADES)("rejects $name", ({ rule, says, apply }) => {
    const found = violations(apply(production));
    expect(found.join("\n")).toContain(says);
    expect(found.filter((text) => !text.startsWith(`${rule}: `))).toEqual([]);
  });
});
