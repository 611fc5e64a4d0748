import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { planGrafanaContent } from "../../components/grafana/content.ts";
import { planAccess } from "../../infra/deploy/external-prometheus-plan.ts";
import { EXTERNAL_URL, withExternalPrometheus } from "../support/external-prometheus.ts";

const created: pulumi.runtime.MockResourceArgs[] = [];
const PASSWORD = "pa$$:word";
const SECRET_NAME = "external-prometheus-credentials";
/** The engine's wire format of a secret. */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      created.push(args);
      return { id: args.name, state: args.inputs };
    },
    call: ({ inputs }) => inputs,
  });
});
beforeEach(() => {
  created.length = 0;
});

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

/** Imported late: the mocks must be in place before any component is loaded. */
async function secretsFor(external: object, brought: Record<string, string>) {
  const { externalSecrets } = await import("../../infra/deploy/external-credentials.ts");
  return externalSecrets(withExternalPrometheus("local", external), brought);
}

describe("the secret an existing Prometheus is signed in to with", () => {
  it("is user and password as a header spells them, and a secret", async () => {
    const secrets = await secretsFor({ user: "gpu", password: "metricsPassword" }, { metricsPassword: PASSWORD });
    const made = pulumi.output(secrets[SECRET_NAME] ?? "");
    expect(Buffer.from(await valueOf(made), "base64").toString()).toBe(`gpu:${PASSWORD}`);
    expect(await pulumi.isSecret(made)).toBe(true);
  });

  it("is the token as it is", async () => {
    const secrets = await secretsFor({ token: "metricsToken" }, { metricsToken: "abc" });
    expect(await valueOf(pulumi.output(secrets[SECRET_NAME] ?? ""))).toBe("abc");
  });

  it("is none where nobody is asked who he is", async () => {
    expect(await secretsFor({}, {})).toEqual({});
  });
});

describe("a Grafana somebody else runs", () => {
  it("asks the existing Prometheus with a header that is a secret", async () => {
    const { ExternalGrafana } = await import("../../components/grafana/external-grafana.ts");
    const { external } = withExternalPrometheus("local", { token: "metricsToken", tenant: "gpus" }).prometheus;
    if (external === undefined) throw new Error("no existing Prometheus");
    const grafana = new ExternalGrafana("external", {
      url: "https://grafana.example.org",
      token: "token",
      content: planGrafanaContent({ sources: { externalPrometheus: planAccess(external) } }),
      certificate: { certPem: "certificate", keyPem: "key", caPem: "authority" },
      secrets: { [SECRET_NAME]: "abc" },
    });
    await valueOf(grafana.readerToken);
    const { inputs } = created.find(({ name }) => name === "external-source-prometheus") ?? { inputs: {} };
    const source = inputs as Record<string, Record<string, string>>;
    expect(source).toMatchObject({ url: EXTERNAL_URL, isDefault: true });
    expect(Object.values(source["secureJsonDataEncoded"] ?? {})).toContain(SECRET);
    expect(JSON.parse(source["secureJsonDataEncoded"]?.["value"] ?? "")).toEqual({
      httpHeaderValue1: "Bearer abc",
      httpHeaderValue2: "gpus",
    });
  });
});

describe("the objects of the Prometheus Operator", () => {
  it("are children of one component, with the client's key as a secret", async () => {
    const { ExternalPrometheus } = await import("../../components/prometheus/external/external-prometheus.ts");
    new ExternalPrometheus("existing", {
      environment: "staging",
      namespace: "gpu-observability",
      ruleLabels: { release: "a" },
      monitorLabels: { release: "b" },
      rules: { "rules/gpu.yml": { groups: [{ name: "gpu", rules: [{ alert: "A", expr: "up == 0" }] }] } },
      evaluationInterval: "15s",
      scrapeInterval: "15s",
      parts: [{ job: "tempo", port: "http", scheme: "https", serverName: "tempo.gpu-observability.svc" }],
      certificate: { certPem: "certificate", keyPem: "key", caPem: "authority" },
    });
    await expect.poll(() => created.length).toBe(4);
    expect(created.map(({ type, name }) => `${type} ${name}`).toSorted()).toEqual([
      "gpuobs:prometheus:ExternalPrometheus existing",
      "kubernetes:core/v1:Secret external-prometheus-certificate-secret",
      "kubernetes:monitoring.coreos.com/v1:PodMonitor gpu-observability-tempo-pod-monitor",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule gpu-observability-gpu-prometheus-rule",
    ]);
    const secret = created.find(({ type }) => type.endsWith(":Secret"));
    expect(JSON.stringify(secret?.inputs)).toContain(SECRET);
    const rule = created.find(({ type }) => type.endsWith(":PrometheusRule"));
    const spec = (rule?.inputs as { spec: object }).spec;
    expect(spec).toEqual({
      groups: [
        { name: "gpu", interval: "15s", rules: [{ alert: "A", expr: "up == 0", labels: { environment: "staging" } }] },
      ],
    });
  });
});
