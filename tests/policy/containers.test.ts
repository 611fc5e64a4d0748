import { describe, expect, it } from "vitest";
import { listenersOf } from "../../infra/policy/read/listeners.ts";
import { readPlatform } from "../../infra/policy/read/platform.ts";
import { containerResources } from "./containers.ts";
import type { Json } from "./downgrades/downgrade.ts";
import { violations } from "./violations.ts";

/** Changes the arguments of one container. */
function container(name: string, change: (props: Json) => void) {
  return containerResources().map((resource) => {
    if (resource.props["hostname"] !== name) return resource;
    const props = structuredClone(resource.props);
    change(props);
    return { ...resource, props };
  });
}

describe("the containers of dev", () => {
  it("pass as written, with their secrets in plain text before the policy", () => {
    const { units, images } = readPlatform(containerResources());
    expect(Math.min(units.length, images.length)).toBeGreaterThan(8);
    expect(units.flatMap(listenersOf).length).toBeGreaterThan(20);
    expect(violations(containerResources())).toEqual([]);
  });

  it("are known by their service although their image is an id", () => {
    const { units } = readPlatform(containerResources());
    const programs = Object.fromEntries(units.map(({ name, program }) => [name, program]));
    expect(programs).toMatchObject({ "gateway-a": "otelcol", loki: "loki", "dev-gpu-sim-agent": "otelcol" });
  });

  it("rejects a port published on every address", () => {
    const open = container("loki", (props) => (props.ports[0].ip = "0.0.0.0"));
    expect(violations(open).join("\n")).toContain("no-open-wildcard: container gpu-observability-dev-loki: port 3100");
  });

  it("rejects two containers published on one port", () => {
    const clashing = container("loki", (props) => (props.ports[0] = { ip: "0.0.0.0", external: 9090 }));
    expect(violations(clashing).join("\n")).toContain("no-port-clashes");
  });

  it("rejects a container that publishes one port twice", () => {
    const clashing = container("loki", (props) => (props.ports = [props.ports[0], props.ports[0]]));
    expect(violations(clashing).join("\n")).toContain("no-port-clashes: container gpu-observability-dev-loki");
  });

  it("rejects a container without a memory limit", () => {
    const unlimited = container("tempo", (props) => delete props.memory);
    expect(violations(unlimited)).toEqual([
      expect.stringContaining("requests-and-limits: container gpu-observability-dev-tempo"),
    ]);
  });

  it("rejects a queue in the container itself", () => {
    const lost = container("gateway-a", (props) => (props.volumes = []));
    expect(violations(lost).join("\n")).toContain(
      "collector-persistent-queue: container gpu-observability-dev-gateway-a",
    );
  });

  it("rejects an image that is another one tomorrow", () => {
    const moving = containerResources().map((resource) =>
      resource.props["name"] === undefined || !resource.type.endsWith("RemoteImage")
        ? resource
        : { ...resource, props: { name: "grafana/loki:latest" } },
    );
    expect(violations(moving).join("\n")).toContain("images-pinned: image grafana/loki:latest");
  });
});
