import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { renderStackSchema } from "../../../infra/environment/json-schema.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { parseEnvironmentName } from "../../../infra/environment/stack-file.ts";
import { findMissingSecrets, secretsNeededBy } from "../../../infra/environment/rules.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { messageOf } from "../../support/problems.ts";
import { HOST_KEY } from "../../support/host-key.ts";

const HOST = { name: "gpu-1", runtime: "process", simulated: true };
const LOCAL = { runtime: "process", hosts: [HOST] };

describe("loadEnvironment", () => {
  it.each(ENVIRONMENT_NAMES)("accepts the committed stack file of %s", (name) => {
    expect(readEnvironment(PROJECT_ROOT, name).name).toBe(name);
  });

  it("fills every default in", () => {
    const environment = loadEnvironment("local", LOCAL);
    expect(environment.gateways.count).toBe(2);
    expect(environment.sampling.default).toBe(1);
    expect(environment.prometheus.outOfOrderWindow).toBe("30m");
  });

  it("keeps the documents' sampling rates in production (C-01)", () => {
    const { sampling } = readEnvironment(PROJECT_ROOT, "production");
    expect(sampling.services).toEqual({ "workflow-service": 0.1, "sploot-media-clustering": 0.2 });
  });

  it("rejects an unknown key", () => {
    expect(messageOf(() => loadEnvironment("local", { ...LOCAL, prometeus: {} }))).toBe(
      [
        "1 problem:",
        "  stacks/Pulumi.local.yaml: prometeus",
        "    expected  a known key",
        '    got       unknown key "prometeus"',
        '    fix       did you mean "prometheus"? remove "prometeus"; stacks/environment.schema.json lists what may stand here',
      ].join("\n"),
    );
  });

  it("rejects a wrong type", () => {
    expect(messageOf(() => loadEnvironment("local", { ...LOCAL, gateways: { count: "two" } }))).toBe(
      [
        "1 problem:",
        "  stacks/Pulumi.local.yaml: gateways.count",
        "    expected  a value of type number",
        '    got       "two"',
        "    fix       change stacks/Pulumi.local.yaml: gateways.count",
      ].join("\n"),
    );
  });

  it("rejects a duration without a unit", () => {
    const text = messageOf(() => loadEnvironment("local", { ...LOCAL, metrics: { scrapeInterval: "15" } }));
    expect(text).toContain("expected  a Go duration such as 500ms, 15s or 2h");
    expect(text).toContain('got       "15"');
  });

  it("rejects two hosts with the same name", () => {
    expect(messageOf(() => loadEnvironment("local", { ...LOCAL, hosts: [HOST, HOST] }))).toBe(
      [
        "1 problem:",
        "  stacks/Pulumi.local.yaml: hosts[1].name",
        "    expected  a name no other host has",
        '    got       "gpu-1", already the name of hosts[0]',
        "    fix       give one of the two another name",
      ].join("\n"),
    );
  });

  it("rejects a single gateway in production, and names every other shortage at once (S0-28)", () => {
    const text = messageOf(() =>
      loadEnvironment("production", {
        runtime: "kubernetes",
        hosts: [{ name: "gpu-nodes", runtime: "kubernetes" }],
        gateways: { count: 1 },
      }),
    );
    expect(text).toContain("3 problems:");
    expect(text).toContain(
      [
        "  stacks/Pulumi.production.yaml: gateways.count",
        "    expected  at least 2 in production, so that one may fail (S0-28)",
        "    got       1",
        "    fix       set gateways.count: 2",
      ].join("\n"),
    );
    expect(text).toContain("alertmanager.replicas");
    expect(text).toContain("alertmanager.receivers");
  });

  it("rejects a disabled alert that does not exist: it would stay on (C-20)", () => {
    const text = messageOf(() => loadEnvironment("local", { ...LOCAL, alerts: { disabled: ["GpuMising", "host"] } }));
    expect(text).toContain("1 problem:");
    expect(text).toContain("alerts.disabled[0]");
    expect(text).toContain('"GpuMising"');
  });

  it("rejects a simulated host over ssh and an ssh host without an address", () => {
    const hosts = [{ name: "gpu-1", runtime: "ssh", simulated: true, hostKey: HOST_KEY }];
    const gateways = { addresses: ["otlp.example.com:4317"] };
    const text = messageOf(() => loadEnvironment("dev", { runtime: "docker", hosts, gateways }));
    expect(text).toContain("2 problems:");
    expect(text).toContain("hosts[0].address");
    expect(text).toContain("hosts[0].simulated");
  });

  it("rejects an ssh host that anybody could be: it says how to learn its key", () => {
    const hosts = [{ name: "gpu-1", runtime: "ssh", address: "gpu-1.example.com" }];
    const gateways = { addresses: ["otlp.example.com:4317"] };
    const text = messageOf(() => loadEnvironment("dev", { runtime: "docker", hosts, gateways }));
    expect(text).toContain("hosts[0].hostKey");
    expect(text).toContain("ssh-keyscan -t ed25519 gpu-1.example.com");
  });

  it("rejects hosts that are not told how to reach the gateways of another runtime", () => {
    const hosts = [
      { name: "gpu-1", runtime: "ssh", address: "gpu-1.example.com", hostKey: HOST_KEY },
      { name: "pool", runtime: "kubernetes" },
    ];
    const text = messageOf(() => loadEnvironment("dev", { runtime: "kubernetes", hosts }));
    expect(text).toContain("1 problem:");
    expect(text).toContain("expected  where gpu-1 reach the gateways");
  });

  it("rejects hosts over ssh beside gateways that listen on loopback, once", () => {
    const hosts = [HOST, { name: "h100-01", runtime: "ssh", address: "h100-01.example.com", hostKey: HOST_KEY }];
    const refused = (gateways: object) => messageOf(() => loadEnvironment("local", { ...LOCAL, hosts, gateways }));
    expect(refused({ addresses: ["mon.example.com:4317"] })).toBe(
      [
        "1 problem:",
        "  stacks/Pulumi.local.yaml: runtime",
        "    expected  docker or kubernetes, where h100-01 reach the gateways over the network",
        "    got       process, whose gateways listen on loopback alone (127.0.0.1 and following)",
        "    fix       set runtime: docker or kubernetes, with gateways.addresses; or give the hosts an environment of their own",
      ].join("\n"),
    );
    expect(refused({})).toMatch(/^1 problem:/);
  });

  it("rejects no addresses with what listens behind them", () => {
    const hosts = [{ name: "gpu-1", runtime: "ssh", address: "gpu-1.example.com", hostKey: HOST_KEY }];
    expect(messageOf(() => loadEnvironment("dev", { runtime: "docker", hosts }))).toContain(
      "fix       add gateways.addresses: [<host>:<port>], of ports that you forward to each gateway's 4317: Docker publishes them on docker.loopback",
    );
  });

  it("rejects two pools that may be the same nodes", () => {
    const pool = (name: string, product?: string) => ({
      name,
      runtime: "kubernetes",
      ...(product === undefined ? {} : { nodeLabels: { "nvidia.com/gpu.product": product } }),
    });
    const of = (...hosts: readonly object[]) => loadEnvironment("dev", { runtime: "kubernetes", hosts });
    expect(messageOf(() => of(pool("small"), pool("large")))).toContain("hosts[1].nodeLabels");
    expect(messageOf(() => of(pool("small", "L4"), pool("large", "L4")))).toContain('the pool "small"');
    expect(of(pool("small", "L4"), pool("large", "H200")).hosts).toHaveLength(2);
  });

  it("rejects gateways that would scale where nothing scales, or to fewer than there are", () => {
    const hosts = [{ name: "pool", runtime: "kubernetes" }];
    const of = (runtime: string, maxCount: number) => () =>
      loadEnvironment("dev", { runtime, hosts, gateways: { count: 3, maxCount, addresses: ["a.example.com:4317"] } });
    expect(messageOf(of("docker", 5))).toContain("only Kubernetes scales");
    expect(messageOf(of("kubernetes", 2))).toContain("at least gateways.count (3)");
  });

  it("rejects an environment that keeps traces or logs nowhere", () => {
    const off = { enabled: false };
    const text = messageOf(() => loadEnvironment("local", { ...LOCAL, tempo: off, jaeger: off, loki: off }));
    expect(text).toContain("expected  a backend that keeps traces");
    expect(text).toContain("expected  a backend that keeps logs");
  });

  it("rejects certificates that are due for renewal from their first day", () => {
    const text = messageOf(() => loadEnvironment("local", { ...LOCAL, certificates: { validityDays: 30 } }));
    expect(text).toContain("certificates.renewBeforeDays");
  });

  it("reports every missing secret with the command that sets it", () => {
    const production = readEnvironment(PROJECT_ROOT, "production");
    const needed = secretsNeededBy(production);
    expect(needed).toEqual(expect.arrayContaining(["slackWebhookUrl", "objectStoreCredentials", "deadManSwitchUrl"]));
    const problems = findMissingSecrets(production, new Set(needed.filter((name) => name !== "slackWebhookUrl")));
    expect(problems).toEqual([
      {
        path: "stacks/Pulumi.production.yaml: gpu-observability:slackWebhookUrl",
        expected: "a secret value",
        got: "nothing",
        fix: "npm run secret -- production slackWebhookUrl",
      },
    ]);
    expect(findMissingSecrets(production, new Set())).toHaveLength(needed.length);
  });

  it("rejects an environment nobody knows", () => {
    expect(messageOf(() => parseEnvironmentName("prod"))).toContain(
      'expected  one of local, dev, staging, production\n    got       "prod"',
    );
  });

  it("has a committed JSON schema that is what the schema generates", () => {
    const committed: unknown = JSON.parse(readFileSync(`${PROJECT_ROOT}/stacks/environment.schema.json`, "utf8"));
    expect(committed).toEqual(JSON.parse(JSON.stringify(renderStackSchema())));
  });
});
