import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { afterAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_KEY } from "../../../infra/environment/stack-file.ts";
import { planReceivers } from "../../../infra/summary/receivers.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { HOST_KEY } from "../../support/host-key.ts";

const README = readFileSync(join(PROJECT_ROOT, "stacks", "README.md"), "utf8");

/** The text below a heading, up to the next of its level. */
function section(heading: string): string {
  const text = README.split(`## ${heading}\n`)[1]?.split("\n## ")[0];
  if (text === undefined) throw new Error(`stacks/README.md has no heading "${heading}"`);
  return text;
}

function yamlOf(text: string): Record<string, unknown> {
  return parse(/```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "") as Record<string, unknown>;
}

describe("the small fleet of stacks/README.md", () => {
  const text = section("Four bare hosts, and one machine with Docker");
  const { config } = yamlOf(text) as { config: Record<string, { hosts: readonly { address: string }[] }> };
  const described = config[ENVIRONMENT_KEY];
  const root = mkdtempSync(join(tmpdir(), "gpu-observability-example-"));
  mkdirSync(join(root, "stacks"));
  const keys = (described?.hosts ?? []).map(({ address }, index) => `${address} ${distinct(HOST_KEY, index)}`);
  writeFileSync(join(root, "stacks", "known_hosts"), `${keys.join("\n")}\n`);
  afterAll(() => rmSync(root, { recursive: true }));
  const topology = planTopology(loadEnvironment("dev", described, root));
  const deployables = planDeployables(topology);
  const runtimeOf = (service: string) => [
    ...new Set(deployables.filter(({ workload }) => workload.service === service).map(({ runtime }) => runtime)),
  ];

  it("runs gateways and backends as containers, agents and exporters on four hosts over ssh", () => {
    expect(topology.hosts.map(({ name }) => name)).toEqual(["h100-01", "h100-02", "h100-03", "h100-04"]);
    for (const service of ["gateway", "prometheus", "alertmanager", "tempo", "loki", "jaeger", "grafana"])
      expect(runtimeOf(service), service).toEqual(["docker"]);
    for (const service of ["agent", "dcgm-exporter", "node-exporter"]) expect(runtimeOf(service)).toEqual(["ssh"]);
    expect(topology.greptimedb).toBeUndefined();
  });

  it("hands each address that hosts dial on to the gateway that is published there", () => {
    const rows = [...text.matchAll(/^\| `(.+?)` \| `(.+?)`, (\S+) \|$/gm)].map(([, from, to, name]) => ({
      from,
      to,
      name,
    }));
    expect(rows).toEqual(
      topology.gateways.map(({ name, reachedAt, ports }, index) => ({
        from: topology.environment.gateways.addresses[index],
        to: `${reachedAt}:${ports.otlpGrpc}`,
        name,
      })),
    );
    for (const { from, to } of rows)
      expect(text).toContain(`socat TCP-LISTEN:${from?.split(":")[1]},fork,reuseaddr TCP:${to}`);
  });

  it("has hosts prefer different gateways", () => {
    expect(new Set(topology.hosts.map(({ gateways }) => gateways[0]?.port))).toEqual(new Set([14317, 24317]));
  });
});

describe("the receivers of stacks/README.md", () => {
  it("get mail for critical alerts alone", () => {
    const { alertmanager } = yamlOf(section("Who is told of alerts"));
    const hosts = [{ name: "gpu-1", runtime: "process", simulated: true }];
    const environment = loadEnvironment("local", { runtime: "process", hosts, alertmanager });
    expect(planReceivers(environment)).toEqual({ "ops-mail": { kind: "email", toldOf: ["critical"] } });
  });
});

/** Another key of the same form: two hosts with one key are one host. */
function distinct(key: string, index: number): string {
  return index === 0 ? key : `${key.slice(0, -1)}${"ABCDEFGH"[index]}`;
}
