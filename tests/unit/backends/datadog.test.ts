import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { PlannedAlert } from "../../../components/alerts/render.ts";
import { renderDatadogDashboard } from "../../../components/datadog/dashboard.ts";
import { renderDatadogAgent } from "../../../components/datadog/render-agent.ts";
import { renderMonitors } from "../../../components/datadog/monitors.ts";
import { datadog, toConditionText, toNumberText } from "../../../components/datadog/query.ts";
import { DATADOG_SITES, type MonitorSettings, toApiUrl } from "../../../components/datadog/settings.ts";
import { spans } from "../../../components/signals/applications.ts";
import { prometheus } from "../../../components/signals/backends.ts";
import { gpu } from "../../../components/signals/gpu.ts";
import { host } from "../../../components/signals/host.ts";
import { promql } from "../../../components/signals/query.ts";
import { parseCondition } from "../../datadog/parse-query.ts";
import { ALERTS } from "../../rules/environment.ts";

const SETTINGS: MonitorSettings = {
  environment: "production",
  notify: ["@pagerduty-gpu", "@slack-ops"],
  workflowService: "workflow-service",
  runbooks: "https://runbooks.example/alerts",
};
const HOT: PlannedAlert = {
  name: "GpuHot",
  area: "gpu",
  severity: "critical",
  team: "gpu",
  meaning: "A GPU is too hot.",
  summary: "GPU {{ $labels.gpu }}",
  query: promql`${gpu.temperature} > 85`,
  impact: "It throttles.",
  actions: ["look at the fans", "drain the host"],
  dashboard: "gpu-fleet",
  datadog: { ...datadog`min(last_5m):max:${gpu.temperature} by {host,hw.id} > ${85}`, recovery: 80, noDataMinutes: 15 },
};
const render = (alert: PlannedAlert) => renderMonitors([alert], SETTINGS).at(-1)!;

describe("a Datadog condition", () => {
  it("spells a signal as Datadog gets it: dots, its own tags, and the environment it is held to", () => {
    const text = toConditionText(datadog`max(last_5m):max:${gpu.temperature} by {host,gpu} > ${85}`, ["env:dev"]);
    expect(text).toBe("max(last_5m):max:hw.temperature{env:dev,hw.sensor_location:gpu} by {host,gpu} > 85");
  });

  it("joins filters in words where one is written in words, which Datadog cannot mix with commas", () => {
    const text = toConditionText(datadog`max(last_5m):sum:${gpu.xids}{xid IN (79,95)} by {host,gpu,xid} > ${0}`, [
      "env:dev",
    ]);
    expect(text).toContain("{env:dev AND xid IN (79,95)} by");
  });

  it("puts the Agent's prefix before host metrics, which would else mix with its own", () => {
    const text = toConditionText(
      datadog`avg(last_5m):avg:${host.memoryUtilization}{state:used} by {host} > ${0.9}`,
      [],
    );
    expect(text).toBe("avg(last_5m):avg:otel.system.memory.utilization{state:used} by {host} > 0.9");
  });

  it("rejects a condition without a time before it, or without a comparison and a number at its end", () => {
    expect(() => datadog`max:${gpu.temperature} > ${85}`).toThrow(/begins with the time/);
    expect(() => datadog`max(last_5m):max:${gpu.temperature} > 85`).toThrow(/ends with a comparison and a number/);
    expect(() => datadog`max(last_5m):max:${gpu.temperature} ${85}`).toThrow(/ends with a comparison and a number/);
  });

  it("rejects a counter read as a gauge, and a gauge read as a counter", () => {
    expect(() => datadog`sum(last_5m):sum:${gpu.pcieReplays} by {host} > ${1}`).toThrow(/needs \.as_count\(\)/);
    expect(() => datadog`sum(last_5m):max:${gpu.temperature}.as_count() > ${1}`).toThrow(/is a gauge/);
  });

  it("rejects a signal that never reaches Datadog, and series grouped in different ways", () => {
    expect(() => datadog`max(last_5m):max:${prometheus.headSeries} > ${1}`).toThrow(/does not pass a gateway/);
    expect(
      () => datadog`max(last_5m):max:${gpu.memoryUsed} by {host} / max:${gpu.memoryTotal} by {host,gpu} > ${1}`,
    ).toThrow(/grouped in different ways/);
  });

  it("rejects a number Datadog and JavaScript spell differently", () => {
    expect(() => toNumberText(1e-9)).toThrow(RangeError);
    expect(toNumberText(0.95)).toBe("0.95");
  });
});

describe("a monitor", () => {
  it("says what is wrong, what it costs, what to do, where the runbook is, and tells the handles", () => {
    const { name, message, tags, priority } = render(HOT);
    expect(name).toBe("GpuHot (production)");
    expect(message).toContain("A GPU is too hot.\n\nValue {{value}}, threshold {{threshold}} on host {{host.name}}");
    expect(message).toContain("hw.id {{[hw.id].name}}");
    expect(message).toContain("1. look at the fans\n2. drain the host");
    expect(message).toContain("https://runbooks.example/alerts/GpuHot.md");
    expect(message.endsWith("@pagerduty-gpu @slack-ops")).toBe(true);
    expect(tags).toEqual(["env:production", "managed-by:pulumi", "area:gpu", "severity:critical", "team:gpu"]);
    expect(priority).toBe("1");
  });

  it("has the threshold of its query as text, its recovery and its time without data", () => {
    const { query, thresholds, noDataMinutes } = render(HOT);
    expect(query.endsWith(`> ${thresholds.critical}`)).toBe(true);
    expect(thresholds).toEqual({ critical: "85", criticalRecovery: "80" });
    expect(noDataMinutes).toBe(15);
  });

  it("is not made for an exempt alert", () => {
    const keys = renderMonitors([{ ...HOT, datadog: { exempt: "no such metric" } }], SETTINGS).map(({ key }) => key);
    expect(keys).not.toContain("GpuHot");
  });
});

describe("the monitors of the documents", () => {
  const monitors = renderMonitors(ALERTS, SETTINGS);
  const find = (key: string) => monitors.find((monitor) => monitor.key === key);

  it("contain the strategy's own, byte for byte (S1-37, C-22)", () => {
    expect(monitors[0]).toEqual({
      key: "WorkflowErrorCount",
      name: "Workflow Error Rate Alert",
      type: "query alert",
      query: "sum(last_5m):sum:trace.workflow.errors{service:workflow-service}.as_count() > 10",
      message: "Workflow error rate exceeded threshold",
      thresholds: { critical: "10" },
      tags: ["team:data-platform"],
    });
  });

  it("contain a rate beside its count: more than 5 % in 5 minutes (C-21)", () => {
    const series = (filters: string) =>
      `sum:${spans.calls.name}{env:production,span.name:pipeline.*${filters}} by {service}.as_count()`;
    expect(find("HighErrorRate")).toMatchObject({
      query: `sum(last_5m):${series(",status.code:status_code_error")} / ${series("")} > 0.05`,
      thresholds: { critical: "0.05" },
    });
  });

  it("contain one for each of the other recommendations, held to service and environment (S1-38)", () => {
    for (const key of ["HighErrorRate", "SlowWorkflows", "FailedWorkflows", "TimeoutErrors"]) {
      const { query = "", tags = [] } = find(key) ?? {};
      expect(query, key).toContain("env:production");
      expect(query, key).toContain("service");
      expect(tags).toEqual(expect.arrayContaining(["env:production", "team:data-platform"]));
    }
  });

  it("take the service's name from the environment (S1-72)", () => {
    const other = renderMonitors([], { ...SETTINGS, workflowService: "prod-service" });
    for (const { query } of other.filter(({ query }) => query.includes("trace.")))
      expect(query).toContain("service:prod-service");
  });
});

describe("every monitor of an environment", () => {
  const monitors = renderMonitors(ALERTS, SETTINGS);

  it("has a name and key of its own, and compares with its critical threshold", () => {
    for (const pick of ["key", "name"] as const)
      expect(new Set(monitors.map((monitor) => monitor[pick])).size).toBe(monitors.length);
    for (const { key, query, thresholds } of monitors)
      expect(/ (?:>=|<=|>|<) (\S+)$/.exec(query)?.[1], key).toBe(thresholds.critical);
  });

  it("is written in the part of the language that parity is shown for, but where only Datadog has the data", () => {
    const own = ["SlowWorkflows"];
    for (const { key, query } of monitors)
      if (!own.includes(key)) expect(() => parseCondition(query), key).not.toThrow();
  });

  it("recovers on the quiet side of its threshold", () => {
    for (const { key, query, thresholds } of monitors) {
      if (thresholds.criticalRecovery === undefined) continue;
      const below = Number(thresholds.criticalRecovery) < Number(thresholds.critical);
      expect(below, key).toBe(/ >=? \S+$/.test(query));
    }
  });
});

describe("the Datadog dashboard", () => {
  it("is held to the environment and asks for catalogue signals only", () => {
    const text = JSON.stringify(renderDatadogDashboard("production"));
    expect(text).toContain('"defaults":["production"]');
    const queries = [...text.matchAll(/"q":"([^"]+)"/g)].map(([, query = ""]) => query);
    expect(queries.length).toBeGreaterThanOrEqual(14);
    for (const query of queries) {
      expect(query).toMatch(/\{\$env,\$host/);
      const plain = query.replaceAll("$env", "env:production").replaceAll("$host", "host:gpu-1");
      expect(() => parseCondition(`avg(last_5m):${plain} > 0`), query).not.toThrow();
    }
  });
});

describe("the monitor of silent GPUs", () => {
  it("speaks only when data stops, GPU by GPU", () => {
    const silent = renderMonitors([], SETTINGS).find(({ key }) => key === "GpuSilent");
    expect(silent).toMatchObject({
      query: "max(last_5m):max:hw.temperature{env:production,hw.sensor_location:gpu} by {host,gpu} < -100",
      thresholds: { critical: "-100" },
      noDataMinutes: 10,
    });
  });
});

describe("an Agent that gateways send to", () => {
  it("receives OTLP at both endpoints, as the strategy document has it (S1-34)", () => {
    const { otlp_config: otlp } = parse(renderDatadogAgent({ site: "datadoghq.eu" })) as {
      otlp_config: { receiver: object };
    };
    expect(otlp.receiver).toEqual({
      protocols: { grpc: { endpoint: "0.0.0.0:4317" }, http: { endpoint: "0.0.0.0:4318" } },
    });
  });

  it("takes other ports where a collector has those, takes logs, and holds no key (C-08)", () => {
    const text = renderDatadogAgent({ site: "datadoghq.eu", grpcPort: 14317, httpPort: 14318 });
    expect(text).toContain("0.0.0.0:14317");
    expect(parse(text)).toMatchObject({ logs_enabled: true, otlp_config: { logs: { enabled: true } } });
    expect(text).not.toMatch(/key/i);
  });
});

describe("a Datadog site", () => {
  it("gives the API's address as the provider wants it", () => {
    expect(toApiUrl("datadoghq.eu")).toBe("https://api.datadoghq.eu/");
    expect(DATADOG_SITES).toHaveLength(9);
  });
});
