import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PAGE_ONLY } from "../../../components/alertmanager/recipients.ts";
import type { Route } from "../../../components/alertmanager/routes.ts";
import { OFFLINE } from "../../../infra/cli/unavailable.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import { diffSummaries } from "../../../infra/summary/diff.ts";
import { toOverview } from "../../../infra/summary/overview.ts";
import { planSummary } from "../../../infra/summary/plan.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { HOST_KEY } from "../../support/host-key.ts";

const NAMES = ["gpu-1", "gpu-2", "gpu-3"] as const;

function plan(states: Partial<Record<(typeof NAMES)[number], object>> = {}) {
  const ssh = NAMES.map((name) => ({ name, runtime: "ssh", address: name, hostKey: HOST_KEY, ...states[name] }));
  const topology = planTopology(
    loadEnvironment("dev", {
      runtime: "docker",
      hosts: [...ssh, { name: "pool", runtime: "kubernetes" }],
      gateways: { addresses: ["otlp.example.org:4317"] },
    }),
    OFFLINE,
  );
  const deployables = planDeployables(topology);
  const textOf = (workload: string, file: string) =>
    deployables.find(({ workload: { name } }) => name === workload)?.workload.files[file] ?? "";
  return {
    names: deployables.map(({ workload }) => workload.name),
    textOf,
    summary: planSummary(topology, deployables),
  };
}

const OUT = { "gpu-2": { state: "drained" }, "gpu-3": { state: "quarantined" } } as const;

describe("a host that is drained or in quarantine", () => {
  const before = plan();
  const now = plan(OUT);

  it("keeps its agent and exporters, as they were", () => {
    expect(now.names).toEqual(before.names);
    const file = "otel-collector-config.yaml";
    expect(before.textOf("gpu-2-agent", file)).toContain("host.name");
    expect(now.textOf("gpu-2-agent", file)).toBe(before.textOf("gpu-2-agent", file));
  });

  it("is not expected to be there, nor to have its GPUs, while others are; nor is it taken for a node of a pool", () => {
    const expectedIn = ({ textOf }: typeof now) => {
      const { groups } = parse(textOf("prometheus-a", "rules/gpu.yml")) as {
        groups: { rules: { record?: string; expr: string; labels?: { host_name?: string } }[] }[];
      };
      const rules = groups.flatMap((group) => group.rules).filter(({ record }) => record === "host:gpu_expected:count");
      return { named: rules.map(({ labels }) => labels?.host_name), pool: rules.at(-1)?.expr };
    };
    expect(expectedIn(before).named).toEqual([...NAMES, undefined]);
    expect(expectedIn(now).named).toEqual(["gpu-1", undefined]);
    expect(expectedIn(now).pool).toContain('host_name!~"gpu-1|gpu-2|gpu-3"');
  });

  it("has alerts that nobody is told of, before any other route can take them", () => {
    const routesOf = ({ textOf }: typeof now) =>
      (parse(textOf("alertmanager-a", "alertmanager.yml")) as { route: Route }).route.routes ?? [];
    const quiet = routesOf(now).findIndex(({ matchers }) => matchers?.[0] === 'host_name=~"gpu-2|gpu-3"');
    const severities = routesOf(now).findIndex(({ matchers }) => matchers?.[0]?.startsWith("severity"));
    expect(routesOf(now)[quiet]).toEqual({ matchers: ['host_name=~"gpu-2|gpu-3"'], receiver: PAGE_ONLY });
    expect(quiet).toBeLessThan(severities);
    expect(JSON.stringify(routesOf(before))).not.toContain("host_name=~");
  });

  it("is told of in a preview's summary, and nothing else of the host with it", () => {
    const hosts = diffSummaries(before.summary, now.summary).filter(({ group }) => group === "hosts");
    expect(hosts.map(({ what }) => what)).toEqual([
      "host gpu-2: state active -> drained",
      "host gpu-3: state active -> quarantined",
    ]);
  });
});

describe("what else an inventory knows of a host", () => {
  it("goes along with everything it sends, and with no other host's", () => {
    const { textOf } = plan({ "gpu-1": { labels: { rack: "r1", hall: "east 2" } } });
    const attributes = (host: string) =>
      (
        parse(textOf(`${host}-agent`, "otel-collector-config.yaml")) as {
          processors: { "resource/host": { attributes: { key: string; value: string }[] } };
        }
      ).processors["resource/host"].attributes.filter(({ key }) => key.startsWith("host.label."));
    expect(attributes("gpu-1")).toEqual([
      { key: "host.label.rack", value: "r1", action: "upsert" },
      { key: "host.label.hall", value: "east 2", action: "upsert" },
    ]);
    expect(attributes("gpu-2")).toEqual([]);
  });

  it("names the model of its GPUs where hosts are listed", () => {
    const { summary } = plan({ "gpu-1": { gpuModel: "H100 SXM5 80GB" }, "gpu-2": { state: "drained" } });
    const [, hosts] = toOverview(summary).find(([title]) => title === "hosts") ?? [];
    expect(hosts).toContain("gpu-1 (ssh, 8 H100 SXM5 80GB), gpu-2 (ssh, 8 GPUs, drained)");
  });
});
