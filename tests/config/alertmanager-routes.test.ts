import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AlertNotifications } from "../../components/alertmanager/settings.ts";
import { alertmanagerWorkload } from "../../components/alertmanager/workload.ts";
import { PROCESS_PATHS } from "../../components/runtime/workload.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { runProgram } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";

const NOTIFICATIONS: AlertNotifications = {
  receivers: [
    { kind: "pagerduty", name: "pager", secret: "pagerdutyKey" },
    { kind: "slack", name: "chat", channel: "#gpu", secret: "slackUrl" },
    { kind: "webhook", name: "gpu-team", secret: "hookUrl" },
    { kind: "teams", name: "crawler-team", secret: "teamsUrl" },
    {
      kind: "email",
      name: "mail",
      to: ["ops@example.org"],
      from: "alerts@example.org",
      smarthost: "smtp.example.org:465",
      user: "alerts",
      secret: "smtpPassword",
    },
  ],
  severities: { critical: ["pager", "chat"], warning: ["chat", "mail"] },
  teams: { gpu: ["gpu-team", "chat"], crawler: ["crawler-team"] },
  deadManSwitch: { secret: "switchUrl", every: "1m" },
};
const PAGE = "alertmanager-page";

function layOut(notifications: AlertNotifications): Promise<Relocated> {
  const placement = {
    name: "alertmanager-a",
    bind: "127.0.0.1",
    dial: "127.0.0.1",
    ports: { http: 9093, cluster: 9094 },
    paths: PROCESS_PATHS,
    certificateNames: ["127.0.0.1"],
    memoryMiB: 128,
  };
  return relocate(alertmanagerWorkload({ placement, peers: [], ...notifications }));
}

/** Who Alertmanager itself tells of an alert with these labels. */
function recipients(at: Relocated, labels: Readonly<Record<string, string>>): readonly string[] {
  const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const { status, output } = runProgram(
    "amtool",
    ["config", "routes", "test", "--config.file=alertmanager.yml", ...words],
    at.folder,
  );
  expect(status, output).toBe(0);
  return output.trim().split(",");
}

describe("an Alertmanager with receivers of every kind", () => {
  let at: Relocated;
  beforeAll(async () => {
    at = await layOut(NOTIFICATIONS);
  });
  afterAll(() => at.remove());

  it("is accepted, templates and all", () => {
    const { status, output } = runProgram("amtool", ["check-config", "alertmanager.yml"], at.folder);
    expect(status, output).toBe(0);
    expect(output).toMatch(/inhibit rules\n.*7 receivers\n.*1 templates/);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ["a critical alert", { severity: "critical" }, ["pager", "chat"]],
    ["a warning", { severity: "warning" }, ["chat", "mail"]],
    ["an alert that informs", { severity: "info" }, [PAGE]],
    ["an alert of no known severity", { severity: "page" }, ["chat", "mail"]],
    ["an alert without a severity", {}, ["chat", "mail"]],
    ["a team's critical alert", { severity: "critical", team: "gpu" }, ["pager", "chat", "gpu-team"]],
    ["a team's warning", { severity: "warning", team: "crawler" }, ["chat", "mail", "crawler-team"]],
    ["what informs a team", { severity: "info", team: "gpu" }, [PAGE]],
    ["an alert of an unknown team", { severity: "critical", team: "other" }, ["pager", "chat"]],
    ["Watchdog", { alertname: "Watchdog", severity: "info" }, ["dead-man-switch"]],
    [
      "a critical Watchdog of a team",
      { alertname: "Watchdog", severity: "critical", team: "gpu" },
      ["dead-man-switch"],
    ],
  ])("tells of %s exactly those it should, once", (_, labels, expected) => {
    expect(recipients(at, { alertname: "Some", host_name: "gpu-1", ...labels })).toEqual(expected);
  });
});

describe("an Alertmanager with nothing but receivers", () => {
  const { receivers } = NOTIFICATIONS;
  let at: Relocated;
  beforeAll(async () => {
    at = await layOut({ receivers, teams: { gpu: ["gpu-team"] } });
  });
  afterAll(() => at.remove());

  it.each<[string, Record<string, string>, string[]]>([
    ["critical alerts", { severity: "critical" }, ["pager", "chat", "crawler-team", "mail"]],
    ["warnings", { severity: "warning" }, ["pager", "chat", "crawler-team", "mail"]],
    ["a team's", { severity: "warning", team: "gpu" }, ["pager", "chat", "crawler-team", "mail", "gpu-team"]],
    ["Watchdog", { alertname: "Watchdog", severity: "info" }, [PAGE]],
  ])("tells of %s everybody but other teams", (_, labels, expected) => {
    expect(recipients(at, labels)).toEqual(expected);
  });
});

describe.each(["staging", "production"] as const)("the Alertmanager of %s", (name) => {
  let at: Relocated;
  beforeAll(async () => {
    at = await layOut(readEnvironment(PROJECT_ROOT, name).alertmanager);
  });
  afterAll(() => at.remove());

  it.each(["critical", "warning"])("tells of %s alerts in two ways", (severity) => {
    expect(recipients(at, { alertname: "Some", severity })).toHaveLength(2);
  });

  it("tells the dead man's switch alone that it works", () => {
    expect(recipients(at, { alertname: "Watchdog", severity: "info" })).toEqual(["dead-man-switch"]);
  });
});

describe("the judge", () => {
  it("rejects a template that nobody wrote", async () => {
    const at = await layOut(NOTIFICATIONS);
    writeFileSync(join(at.folder, "templates/notification.tmpl"), '{{ define "broken" }}{{ .Oops');
    const { status } = runProgram("amtool", ["check-config", "alertmanager.yml"], at.folder);
    rmSync(join(at.folder, "templates"), { recursive: true });
    at.remove();
    expect(status).not.toBe(0);
  });
});
