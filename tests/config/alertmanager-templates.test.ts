import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { renderReceivers } from "../../components/alertmanager/receivers.ts";
import { PROCESS_PATHS } from "../../components/runtime/workload.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { runProgram } from "../support/programs.ts";

interface SampleAlert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

const GPU_ALERT: SampleAlert = {
  status: "firing",
  labels: {
    alertname: "GpuFellOffTheBus",
    severity: "critical",
    environment: "local",
    host_name: "gpu-1",
    gpu: "3",
    hw_id: "GPU-0003",
    hpc_job: "4711",
  },
  annotations: {
    summary: "GPU 3 of gpu-1 fell off the bus",
    description: "The GPU is gone. Its work is lost.",
    runbook_url: "https://runbooks.example.org/GpuFellOffTheBus.md",
    dashboard_url: "https://grafana.example.org/d/gpu-device?from=now-1h&to=now&var-gpu=3",
    logs_url: "https://grafana.example.org/explore?left=1",
  },
  startsAt: "2026-01-02T03:04:05Z",
};
const SECOND_GPU: SampleAlert = { ...GPU_ALERT, labels: { ...GPU_ALERT.labels, gpu: "5", hw_id: "GPU-0005" } };
const BARE: SampleAlert = {
  status: "firing",
  labels: { alertname: "GatewayDown", severity: "warning", instance: "127.0.0.1:8889", job: "gateway" },
  annotations: { summary: "A gateway is down" },
  startsAt: "2026-01-02T03:04:05Z",
};

const folder = mkdtempSync(join(tmpdir(), "gpu-observability-templates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Alertmanager's own renderer makes of alerts. */
function renderText(text: string, alerts: readonly SampleAlert[], type = "text", status = "firing") {
  const [first] = alerts;
  const shared = Object.entries(first?.labels ?? {}).filter(([name, value]) =>
    alerts.every(({ labels }) => labels[name] === value),
  );
  const data = {
    status,
    alerts: alerts.map((alert) => ({ ...alert, status })),
    commonLabels: Object.fromEntries(shared),
    externalURL: "https://alertmanager.example.org",
  };
  writeFileSync(join(folder, "data.json"), JSON.stringify(data));
  const { status: exit, output } = runProgram(
    "amtool",
    [
      "template",
      "render",
      `--template.glob=${PROJECT_ROOT}/components/alertmanager/templates/*.tmpl`,
      `--template.text=${text}`,
      `--template.type=${type}`,
      `--template.data=${join(folder, "data.json")}`,
    ],
    folder,
  );
  expect(exit, output).toBe(0);
  return output;
}

type AlertsOnly = Parameters<typeof renderText> extends [string, ...infer Rest] ? Rest : never;
const render = (template: string, ...rest: AlertsOnly) => renderText(`{{ template "${template}" . }}`, ...rest);

/** Every template of every kind of receiver, as it stands in the configuration. */
const TEMPLATES = textsOf(
  renderReceivers(
    {
      receivers: [
        { kind: "webhook", name: "hook", secret: "s" },
        { kind: "slack", name: "chat", channel: "#gpu", secret: "s" },
        { kind: "pagerduty", name: "pager", secret: "s" },
        { kind: "teams", name: "office", secret: "s" },
        {
          kind: "email",
          name: "mail",
          to: ["a@example.org"],
          from: "b@example.org",
          smarthost: "c:25",
          user: "b",
          secret: "s",
        },
      ],
    },
    PROCESS_PATHS,
  ),
);

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value.includes("{{") ? [value] : [];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsOf) : [];
}

describe("a notification", () => {
  it.each([...new Set(TEMPLATES)])("is rendered by %s, even for an alert without labels", (text) => {
    for (const alert of [GPU_ALERT, BARE, { ...BARE, labels: {} }]) renderText(text, [alert]);
  });

  it("tells a pager only of severities it knows", () => {
    const [severity = ""] = TEMPLATES.filter((text) => text.includes("if eq .CommonLabels.severity"));
    expect(renderText(severity, [GPU_ALERT])).toBe("critical");
    expect(renderText(severity, [{ ...BARE, labels: { alertname: "Some" } }])).toBe("warning");
  });

  it("says in its title how many, how bad, what, where", () => {
    expect(render("notification.title", [GPU_ALERT, SECOND_GPU])).toBe(
      "[FIRING 2] critical GpuFellOffTheBus on gpu-1 (local)",
    );
    expect(render("notification.title", [BARE], "text", "resolved")).toBe("[RESOLVED] warning GatewayDown");
  });

  it("carries what is wrong, the host, GPU and job, and where to read on", () => {
    expect(render("notification.text", [GPU_ALERT])).toBe(
      [
        "GPU 3 of gpu-1 fell off the bus",
        "The GPU is gone. Its work is lost.",
        "About: host gpu-1, GPU 3 (GPU-0003), job 4711",
        "Since: 2026-01-02 03:04:05 UTC",
        "Runbook: https://runbooks.example.org/GpuFellOffTheBus.md",
        "Dashboard: https://grafana.example.org/d/gpu-device?from=now-1h&to=now&var-gpu=3",
        "Logs: https://grafana.example.org/explore?left=1",
        "",
        "All of them: https://alertmanager.example.org/#/alerts",
      ].join("\n"),
    );
  });

  it("leaves out what an alert does not have", () => {
    expect(render("notification.text", [BARE], "text", "resolved")).toBe(
      [
        "Resolved: A gateway is down",
        "About: instance 127.0.0.1:8889",
        "Since: 2026-01-02 03:04:05 UTC",
        "",
        "All of them: https://alertmanager.example.org/#/alerts",
      ].join("\n"),
    );
  });

  it("tells each alert of a group apart", () => {
    const text = render("notification.text", [GPU_ALERT, SECOND_GPU]);
    expect(text).toContain("\n\nGPU 3 of gpu-1");
    expect(text.match(/^About: .*$/gm)).toEqual([
      "About: host gpu-1, GPU 3 (GPU-0003), job 4711",
      "About: host gpu-1, GPU 5 (GPU-0005), job 4711",
    ]);
  });

  it.each([
    ["danger", GPU_ALERT, "firing"],
    ["warning", BARE, "firing"],
    ["good", GPU_ALERT, "resolved"],
  ])("is %s in colour when it should be", (color, alert, status) => {
    expect(render("notification.color", [alert], "text", status)).toBe(color);
  });

  it("is safe in a mail, whatever a label says", () => {
    const hostile = { ...GPU_ALERT, annotations: { ...GPU_ALERT.annotations, summary: "<script>alert(1)</script>" } };
    const html = render("notification.html", [hostile], "html");
    expect(html).not.toContain("<script>");
    expect(html).toContain('<a href="https://runbooks.example.org/GpuFellOffTheBus.md">Runbook</a>');
  });
});
