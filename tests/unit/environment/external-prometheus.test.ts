import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { customKindsOf } from "../../../infra/environment/custom-kinds.ts";
import { secretsNeededBy } from "../../../infra/environment/rules.ts";
import { EXTERNAL_URL, withExternalPrometheus } from "../../support/external-prometheus.ts";
import { messageOf } from "../../support/problems.ts";

const PATH = "--set prometheus.external";

describe("prometheus.external", () => {
  it("asks for no copies, no Alertmanager and no receiver of ours in production", () => {
    expect(withExternalPrometheus("production").prometheus.external?.url).toBe(EXTERNAL_URL);
  });

  it("asks for the secret it is signed in to with, and for none of receivers", () => {
    const needed = secretsNeededBy(withExternalPrometheus("production", { user: "gpu", password: "metricsPassword" }));
    expect(needed).toContain("metricsPassword");
    expect(needed).not.toContain("pagerdutyKey");
    expect(secretsNeededBy(withExternalPrometheus("local", { token: "metricsToken" }))).toEqual(["metricsToken"]);
  });

  it("needs the operator's kinds in the cluster with operator alone", () => {
    const kinds = customKindsOf(withExternalPrometheus("staging", { operator: {} })).map(({ kind }) => kind);
    expect(kinds).toEqual(["PrometheusRule", "PodMonitor"]);
    expect(customKindsOf(withExternalPrometheus("staging"))).toEqual([]);
  });

  it("has the labels that kube-prometheus-stack selects by itself", () => {
    expect(withExternalPrometheus("staging", { operator: {} }).prometheus.external?.operator).toEqual({
      ruleLabels: { release: "kube-prometheus-stack" },
      monitorLabels: { release: "kube-prometheus-stack" },
    });
  });

  it("rejects what is said to our own Prometheus, and receivers that nobody would tell, each once", () => {
    const external = { external: { url: EXTERNAL_URL } };
    const message = messageOf(() =>
      parseEnvironment(["production", "--set", `prometheus=${JSON.stringify({ ...external, retention: "30d" })}`]),
    );
    expect(message).toBe(
      [
        "2 problems:",
        "  --set prometheus.retention",
        "    expected  nothing: whoever runs the Prometheus of prometheus.external decides it",
        '    got       "30d"',
        "    fix       remove prometheus.retention, or prometheus.external",
        "  stacks/Pulumi.production.yaml: alertmanager, with --set prometheus",
        "    expected  nothing: an existing Prometheus tells the Alertmanager it is configured with, so ours is not deployed and nobody named here would be told",
        "    got       replicas, receivers, severities, deadManSwitch",
        "    fix       remove alertmanager, and route the labels severity, area and team in the existing Alertmanager; or remove prometheus.external",
      ].join("\n"),
    );
  });

  it("rejects metrics that nobody would come and fetch", () => {
    const message = messageOf(() => withExternalPrometheus("local", {}, ["metrics.path=scrape"]));
    expect(message).toContain("1 problem:\n  --set metrics.path\n    expected  otlp or remoteWrite:");
  });

  it.each([
    ["a user without a password", { user: "gpu" }, "password", "user and password together"],
    ["a password without a user", { password: "secret" }, "user", "user and password together"],
    ["a user that basic authentication cuts in two", { user: "gpu:a", password: "a" }, "user", "no colon"],
    [
      "one address written to twice",
      { writeUrls: [EXTERNAL_URL, `${EXTERNAL_URL}/`] },
      "writeUrls",
      "each address once",
    ],
    ["pods of no namespace", { podLabels: { app: "a" } }, "podLabels", "a namespace beside it"],
    ["two ways to sign in", { user: "gpu", password: "a", token: "b" }, "token", "one way to sign in"],
    ["a password in the open", { url: "http://a:9090", user: "gpu", password: "a" }, "url", "https, where a password"],
    ["a token in the open", { writeUrls: ["http://a/api"], token: "a" }, "url", "https, where a password"],
  ])("rejects %s", (_, external, key, expected) => {
    const message = messageOf(() => withExternalPrometheus("production", external));
    expect(message).toContain(`1 problem:\n  ${PATH}.${key}\n    expected  ${expected}`);
  });

  it("rejects a password in the address, and does not repeat it", () => {
    const message = messageOf(() => withExternalPrometheus("local", { url: "https://gpu:hunter2@a.example" }));
    expect(message).toContain("got       an address of a.example with them");
    expect(message).not.toContain("hunter2");
    const plain = messageOf(() => withExternalPrometheus("local", { url: "http://gpu:hunter2@a.example", token: "a" }));
    expect(plain).toContain("2 problems:");
    expect(plain).toContain("got       http://a.example");
    expect(plain).not.toContain("hunter2");
  });

  it("rejects a user with a colon without repeating what is behind it, of a GreptimeDB as well", () => {
    const external = { url: EXTERNAL_URL, user: "gpu:hunter2", password: "a" };
    const setting = (key: string) => ["production", "--set", `${key}=${JSON.stringify({ external })}`];
    const message = messageOf(() => parseEnvironment(setting("greptimedb")));
    expect(message).toContain("1 problem:\n  --set greptimedb.external.user\n");
    expect(message).not.toContain("hunter2");
  });

  it("rejects an operator where there is no cluster", () => {
    const message = messageOf(() => withExternalPrometheus("local", { operator: {} }));
    expect(message).toContain("prometheus.external.operator\n    expected  runtime kubernetes");
  });
});
