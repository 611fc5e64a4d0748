import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { messageOf } from "../../support/problems.ts";

const HOST = { name: "gpu-1", runtime: "process", simulated: true };
const LOCAL = { runtime: "process", hosts: [HOST] };
const EMAIL = {
  kind: "email",
  name: "ops-mail",
  to: ["ops@example.org"],
  from: "gpu@example.org",
  smarthost: "smtp.example.org:587",
  user: "gpu",
  secret: "smtpPassword",
};

describe("a misspelt word of a stack file", () => {
  it.each([
    ["at the top", { prometeus: {} }, "prometheus"],
    ["within a part", { prometheus: { replica: 2 } }, "replicas"],
    ["within a part of a part", { alerts: { gpu: { temprature: 80 } } }, "temperature"],
    ["within a host", { hosts: [{ ...HOST, simulatd: true }] }, "simulated"],
    ["within a value of several kinds", { loki: { storage: { kind: "s3", endpont: "a:1" } } }, "endpoint"],
    ["within a receiver", { alertmanager: { receivers: [{ ...EMAIL, smarthst: "a:1" }] } }, "smarthost"],
    ["within what a group says", { inventory: { groups: { all: { gpuz: 8 } } } }, "gpus"],
    ["as a value", { runtime: "proces" }, "process"],
    ["as a kind", { alertmanager: { receivers: [{ ...EMAIL, kind: "emial" }] } }, "email"],
    ["as a receiver", { alertmanager: { receivers: [EMAIL], severities: { critical: ["ops-mial"] } } }, "ops-mail"],
    ["as an alert", { alerts: { disabled: ["GpuMising"] } }, "GpuMissing"],
  ])("rejects one %s and names the nearest", (_, change, meant) => {
    const text = messageOf(() => loadEnvironment("local", { ...LOCAL, ...change }));
    expect(text).toContain(`fix       did you mean "${meant}"? `);
  });

  it("rejects a receiver's name that nobody has once, not as a severity without a receiver as well", () => {
    const alertmanager = { receivers: [EMAIL], severities: { critical: ["ops-mial"] } };
    expect(messageOf(() => loadEnvironment("local", { ...LOCAL, alertmanager }))).toMatch(/^1 problem:/);
  });

  it("rejects a kind that there is not with those that there are", () => {
    const alertmanager = { receivers: [{ ...EMAIL, kind: "pigeon" }] };
    expect(messageOf(() => loadEnvironment("local", { ...LOCAL, alertmanager }))).toContain(
      '    expected  one of webhook, slack, pagerduty, teams, email\n    got       "pigeon"',
    );
  });
});

describe("the key of the environment", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "misspelt-"));
    mkdirSync(join(root, "stacks"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const read = (text: string) => {
    writeFileSync(join(root, "stacks", "Pulumi.local.yaml"), text);
    return messageOf(() => readEnvironment(root, "local"));
  };

  it("rejects a misspelt one by its name in the file", () => {
    expect(read("config:\n  gpu-observability:enviroment:\n    runtime: process\n")).toBe(
      [
        "1 problem:",
        "  stacks/Pulumi.local.yaml: config.gpu-observability:enviroment",
        "    expected  the environment below the key gpu-observability:environment",
        '    got       unknown key "gpu-observability:enviroment"',
        '    fix       did you mean "gpu-observability:environment"? rename the key in stacks/Pulumi.local.yaml',
      ].join("\n"),
    );
  });

  it.each(["", "config: {}", "config:\n  gpu-observability:environment:\n"])(
    "rejects a file without it: %j",
    (text) => {
      expect(read(text)).toContain("stacks/Pulumi.local.yaml: config.gpu-observability:environment\n");
    },
  );
});

describe("a misspelt word of a command", () => {
  it.each([
    ["stag", "staging"],
    ["prodution", "production"],
  ])("rejects the stack %s and names the nearest", (name, meant) => {
    expect(messageOf(() => parseEnvironment([name]))).toContain(`did you mean "${meant}"?`);
  });

  it.each([
    ["--password", 'did you mean "--passwords"? leave it out'],
    ["metrics.scrapeInterval=5s", "npm run <command> -- <stack> --set metrics.scrapeInterval=5s"],
    ["hosts[0].gpus=4", "--set hosts[0].gpus=4"],
    ["staging", "fix       leave it out; --help"],
  ])("rejects %s beside a stack, and says what was meant", (word, fix) => {
    expect(messageOf(() => parseEnvironment(["local", word], ["--passwords"]))).toContain(fix);
  });

  it("rejects a stack without a file, and says what makes one", () => {
    expect(messageOf(() => parseEnvironment(["lab"]))).toContain(
      "fix       write stacks/Pulumi.lab.yaml for an environment of your own (stacks/README.md)",
    );
    expect(messageOf(() => parseEnvironment(["stag"]))).not.toContain("of your own");
  });

  it("rejects the name of a command and names the nearest", () => {
    const run = () =>
      execFileSync(process.execPath, [join(PROJECT_ROOT, "infra/cli/main.ts"), "preveiw"], { stdio: "pipe" });
    expect(run).toThrow(/got +"preveiw"\n +fix +did you mean "preview"\?/);
  });
});

describe("a problem of a --set", () => {
  const local = (...values: readonly string[]) =>
    messageOf(() => parseEnvironment(["local", ...values.flatMap((value) => ["--set", value])]));

  it.each([
    ["a key nobody knows", "alerts.gpu.temprature=80", "--set alerts.gpu.temprature"],
    ["a key nobody knows above it", "promethus.replicas=2", "--set promethus"],
    ["a key nobody knows inside it", "alerts.gpu={ temprature: 80 }", "--set alerts.gpu.temprature"],
    ["a value out of bounds", "prometheus.replicas=0", "--set prometheus.replicas"],
    ["a rule", "alerts.disabled=[GpuMising]", "--set alerts.disabled[0]"],
    ["a host of a list", "hosts.0.gpus=0", "--set hosts[0].gpus"],
  ])("names the --set: %s", (_, value, place) => {
    const text = local(value);
    expect(text).toMatch(/^1 problem:/);
    expect(text).toContain(`\n  ${place}\n`);
    expect(text).not.toContain("stacks/Pulumi.local.yaml");
  });

  it("names the --set where the problem shows elsewhere", () => {
    expect(local("runtime=docker")).toContain("\n  stacks/Pulumi.local.yaml: gateways.addresses, with --set runtime\n");
  });

  it("rejects a key below a plain value", () => {
    expect(local("runtime.kind=x")).toContain("\n  --set runtime.kind=x\n    expected  keys below runtime\n");
  });

  it("rejects a value that is no YAML", () => {
    expect(local("sampling.services={ a: 1")).toContain(
      "\n  --set sampling.services={ a: 1\n    expected  a value in YAML\n",
    );
  });
});
