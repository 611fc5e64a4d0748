import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { messageOf } from "../support/problems.ts";

const created: pulumi.runtime.MockResourceArgs[] = [];
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const KEYS = { "project:datadogApiKey": "api key of the test", "project:datadogAppKey": "app key of the test" };

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      created.push(args);
      return { id: `${args.name}-id`, state: { ...args.inputs, url: `/dashboard/${args.name}` } };
    },
    call: ({ inputs }) => inputs,
  });
});
beforeEach(() => {
  created.length = 0;
  pulumi.runtime.setAllConfig(KEYS);
});

/** Imported late: the mocks must be in place before any component is loaded. */
async function deploy(changes: { enabled?: boolean } = {}) {
  const { deployDatadog } = await import("../../infra/deploy/datadog.ts");
  const resources = deployDatadog({
    environment: "staging",
    datadog: {
      enabled: true,
      site: "datadoghq.eu",
      apiKeySecret: "datadogApiKey",
      appKeySecret: "datadogAppKey",
      notify: ["@slack-ops"],
      workflowService: "workflow-service",
      ...changes,
    },
    alerts: [],
    runbooks: "infra/runbooks/alerts",
  });
  // Resources are registered behind the program's back: the next test must not see them.
  const { monitorIds = {}, dashboardUrls = {} } = resources ?? {};
  await Promise.all([...Object.values(monitorIds), ...Object.values(dashboardUrls)].map(valueOf));
  return resources;
}

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const ofType = (kind: string) => created.filter(({ type }) => type.endsWith(kind));

describe("Datadog", () => {
  it("is nothing at all where an environment has it off, with or without keys (S4-30, S1-06)", async () => {
    pulumi.runtime.setAllConfig({});
    expect(await deploy({ enabled: false })).toBeUndefined();
    expect(created).toEqual([]);
  });

  it("rejects an environment that has it on and no keys, and names both", async () => {
    pulumi.runtime.setAllConfig({});
    const { ConfigError } = await import("../../components/core/errors.ts");
    const failure: unknown = await deploy().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    const message = messageOf(() => {
      throw failure;
    });
    expect(message).toContain("1 problem:");
    expect(message).toContain("npm run secret -- staging datadogApiKey");
    expect(message).toContain("npm run secret -- staging datadogAppKey");
    expect(created).toEqual([]);
  });

  it("has a provider for the account's site that asks nothing in a preview", async () => {
    await deploy();
    const [provider] = ofType("providers:datadog");
    expect(provider?.inputs).toMatchObject({ apiUrl: "https://api.datadoghq.eu/", validate: "false" });
  });

  it("makes a monitor of each that was rendered, with thresholds as text", async () => {
    const resources = await deploy();
    const [first, ...others] = ofType("Monitor");
    expect(others.length + 1).toBe(Object.keys(resources!.monitorIds).length);
    expect(first?.name).toBe("datadog-monitor-WorkflowErrorCount");
    expect(first?.inputs).toMatchObject({
      name: "Workflow Error Rate Alert",
      type: "query alert",
      query: "sum(last_5m):sum:trace.workflow.errors{service:workflow-service}.as_count() > 10",
      message: "Workflow error rate exceeded threshold",
      monitorThresholds: { critical: "10" },
      tags: ["team:data-platform"],
      requireFullWindow: false,
      validate: false,
    });
  });

  it("makes the dashboard of the environment from its JSON", async () => {
    await deploy();
    const [dashboard] = ofType("DashboardJson");
    expect(JSON.parse(String(dashboard?.inputs["dashboard"]))).toMatchObject({
      title: "GPU fleet and telemetry (staging)",
    });
  });

  it("keeps both keys secret, and out of everything but the provider (S1-39)", async () => {
    await deploy();
    const [provider] = ofType("providers:datadog");
    for (const key of ["apiKey", "appKey"])
      expect(Object.values((provider?.inputs[key] ?? {}) as object), key).toContain(SECRET);
    const others = created.filter((one) => one !== provider);
    for (const text of Object.values(KEYS)) expect(JSON.stringify(others)).not.toContain(text);
  });
});
