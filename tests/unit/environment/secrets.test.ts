import { describe, expect, it } from "vitest";
import { command } from "../../../infra/cli/commands/secret.ts";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { findMisspeltSecret, secretsUsedBy } from "../../../infra/environment/rules.ts";

const MAIL =
  "{ kind: email, name: ops, to: [a@example.org], from: b@example.org, smarthost: 'smtp.example.org:587', user: gpu, secret: smtpPassword }";
const WITH_MAIL = ["local", "--set", `alertmanager.receivers=[${MAIL}]`];
const mailing = () => parseEnvironment(WITH_MAIL);

describe("a secret that nobody uses", () => {
  it("rejects a misspelt name, and names the secrets that the environment uses", () => {
    expect(findMisspeltSecret(mailing(), "smtpPasswrd")).toEqual([
      {
        path: "name",
        expected: "a secret that local uses: smtpPassword",
        got: '"smtpPasswrd"',
        fix: 'did you mean "smtpPassword"? npm run secret -- local smtpPassword; a new one is named in stacks/Pulumi.local.yaml first',
      },
    ]);
  });

  it("rejects it before it reads the value", async () => {
    const [stack = "", ...sets] = WITH_MAIL;
    await expect(command.run([stack, "smtpPasswrd", ...sets])).rejects.toThrow('did you mean "smtpPassword"?');
  });

  it("is kept where it is like no other: it may come before the stack file names it", () => {
    expect(findMisspeltSecret(mailing(), "pagerdutyKey")).toEqual([]);
    expect(findMisspeltSecret(parseEnvironment(["local"]), "smtpPasswrd")).toEqual([]);
  });

  it("is none of those that CI hands to every stack", () => {
    const stacks = ["dev", "staging", "production"] as const;
    const all = new Set(stacks.flatMap((name) => secretsUsedBy(parseEnvironment([name]))));
    for (const stack of stacks)
      for (const name of all)
        expect(findMisspeltSecret(parseEnvironment([stack]), name), `${stack} ${name}`).toEqual([]);
  });

  it("is not one of Datadog's keys where Datadog is on", () => {
    expect(secretsUsedBy(parseEnvironment(["local", "--set", "datadog.enabled=true"]))).toEqual([
      "datadogApiKey",
      "datadogAppKey",
    ]);
  });
});
