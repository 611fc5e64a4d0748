import { describe, expect, it } from "vitest";
import { EXTERNAL_URL } from "../support/external-prometheus.ts";
import { kubernetesResources } from "./manifests.ts";
import { violations } from "./violations.ts";

/** Production with an existing Prometheus, signed in to. */
function withExternal(external: object, ...more: readonly string[]) {
  const settings = [`prometheus=${JSON.stringify({ external })}`, "alertmanager={}", ...more];
  return kubernetesResources("production", settings);
}

describe("production with an existing Prometheus", () => {
  it.each(["otlp", "remoteWrite"])("is accepted when it writes by %s", (path) => {
    const external = { url: EXTERNAL_URL, token: "metricsToken", tenant: "gpus" };
    expect(violations(withExternal(external, `metrics.path=${path}`))).toEqual([]);
  });

  it("is accepted with an operator's Prometheus in the cluster", () => {
    const external = { url: "https://prometheus.monitoring.svc:9090", operator: {} };
    expect(violations(withExternal(external))).toEqual([]);
  });

  it("is rejected when metrics travel in plain text", () => {
    const found = violations(withExternal({ url: "http://prometheus.monitoring.svc:9090" }));
    expect(found).toEqual([expect.stringMatching(/^no-tls-insecure: .*external-prometheus: sends in plain text/)]);
  });

  it("is rejected when no gateway writes to it any more and nothing else keeps metrics", () => {
    const forgotten = withExternal({ url: EXTERNAL_URL }).map((resource) => {
      const props = JSON.parse(JSON.stringify(resource.props).replaceAll("external-prometheus", "elsewhere")) as object;
      return { ...resource, props: props as typeof resource.props };
    });
    expect(violations(forgotten).filter((text) => text.startsWith("gateways-redundant"))).toHaveLength(2);
  });
});
