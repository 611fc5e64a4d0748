import { describe, expect, it } from "vitest";
import { secretsNeededBy } from "../../../infra/environment/rules.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import type { EnvironmentName } from "../../../infra/environment/schema.ts";
import { planReceivers } from "../../../infra/summary/receivers.ts";
import { messageOf } from "../../support/problems.ts";

const HOOK = { kind: "webhook", name: "hook", secret: "hookUrl" };
const CHAT = { kind: "slack", name: "chat", channel: "#gpu", secret: "slackUrl" };
const MAIL = {
  kind: "email",
  name: "mail",
  to: ["ops@example.org"],
  from: "alerts@example.org",
  smarthost: "smtp.example.org:587",
  user: "alerts",
  secret: "smtpPassword",
};
const SWITCH = { secret: "switchUrl" };

const load = (alertmanager: object, name: EnvironmentName = "local") =>
  loadEnvironment(name, {
    runtime: "kubernetes",
    hosts: [{ name: "gpu-nodes", runtime: "kubernetes" }],
    alertmanager: { replicas: 3, ...alertmanager },
  });

describe("the receivers of an environment", () => {
  it("say every secret they and the dead man's switch need, once", () => {
    const environment = load({ receivers: [HOOK, CHAT, MAIL, { ...HOOK, name: "hook-2" }], deadManSwitch: SWITCH });
    expect(secretsNeededBy(environment)).toEqual(["hookUrl", "slackUrl", "smtpPassword", "switchUrl"]);
  });

  it("rejects names used twice or by the platform, and names of nobody, all at once", () => {
    const text = messageOf(() =>
      load({
        receivers: [HOOK, { ...CHAT, name: "hook" }, { ...HOOK, name: "dead-man-switch" }],
        severities: { critical: ["hook", "pager"], info: ["nobody"] },
        teams: { gpu: ["gpu-team"] },
      }),
    );
    expect(text).toContain("5 problems:");
    expect(text).toContain(
      [
        "  stacks/Pulumi.local.yaml: alertmanager.receivers[1].name",
        "    expected  a name no other receiver has",
        '    got       "hook", already the name of receivers[0]',
        "    fix       give one of the two another name",
      ].join("\n"),
    );
    expect(text).toContain("alertmanager.receivers[2].name");
    expect(text).toContain("alertmanager.severities.critical[1]\n    expected  one of hook, hook, dead-man-switch");
    expect(text).toContain("alertmanager.severities.info[0]");
    expect(text).toContain("alertmanager.teams.gpu[0]");
  });

  it("rejects a severity that a list leaves to nobody", () => {
    const text = messageOf(() =>
      load({ receivers: [HOOK], teams: { gpu: ["hook"] }, severities: { critical: ["hook"] } }),
    );
    expect(text).toContain("1 problem:");
    expect(text).toContain("alertmanager.severities.warning\n    expected  a receiver that hears of warning alerts");
    expect(text).toContain("or say warning: [] where they need only show on Alertmanager's page");
  });

  it("may tell people of critical alerts alone, where the file says so", () => {
    const environment = load({ receivers: [MAIL], severities: { warning: [] } });
    expect(planReceivers(environment)).toMatchObject({ mail: { toldOf: ["critical"] } });
  });

  it.each([
    ["critical alerts", "local", { critical: [] }],
    ["warnings in staging", "staging", { warning: [] }],
  ] as const)("rejects an empty list for %s", (_, name, severities) => {
    const text = messageOf(() => load({ receivers: [HOOK, MAIL], severities, deadManSwitch: SWITCH }, name));
    expect(text).toContain(`alertmanager.severities.${Object.keys(severities)[0]}\n`);
  });

  it.each(["staging", "production"] as const)(
    "rejects %s with one way to tell people, or no dead man's switch",
    (name) => {
      const text = messageOf(() => load({ receivers: [CHAT, { ...CHAT, name: "other-chat", channel: "#ops" }] }, name));
      expect(text).toContain("3 problems:");
      expect(text).toContain(
        `at least 2 ways to tell people of critical alerts in ${name}, so that one may fail\n    got       slack`,
      );
      expect(text).toContain("alertmanager.severities.warning");
      expect(text).toContain("alertmanager.deadManSwitch");
      expect(() => load({ receivers: [CHAT, MAIL], deadManSwitch: SWITCH }, name)).not.toThrow();
    },
  );

  it("counts two webhooks to two places as two ways", () => {
    const receivers = [HOOK, { ...HOOK, name: "hook-2", secret: "hookUrl2" }];
    expect(() => load({ receivers, deadManSwitch: SWITCH }, "production")).not.toThrow();
  });

  it("rejects mail to no address and a mail server without a port", () => {
    const text = messageOf(() => load({ receivers: [{ ...MAIL, to: [], smarthost: "smtp.example.org" }] }));
    expect(text).toContain("alertmanager.receivers[0].to");
    expect(text).toContain("a host and a port such as smtp.example.org:587");
  });

  it("rejects repeating sooner than news, and later than Alertmanager remembers", () => {
    const intervals = { critical: { repeatInterval: "30s" }, warning: { repeatInterval: "7d" } };
    const text = messageOf(() => load({ intervals }));
    expect(text).toContain("intervals.critical.repeatInterval\n    expected  from groupInterval (1m) to 5d");
    expect(text).toContain("intervals.warning.repeatInterval\n    expected  from groupInterval (5m) to 5d");
  });
});
