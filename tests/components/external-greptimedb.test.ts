import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { planGrafanaContent } from "../../components/grafana/content.ts";
import { planExternalGreptimedbSource } from "../../infra/deploy/external-greptimedb.ts";
import { SIGNED_IN, withExternalGreptimedb } from "../support/external-greptimedb.ts";

const created: pulumi.runtime.MockResourceArgs[] = [];
const PASSWORD = "pa$$:word";
const SECRET_NAME = "external-greptimedb-credentials";

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      created.push(args);
      return { id: args.name, state: args.inputs };
    },
    call: ({ inputs }) => inputs,
  });
});

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
/** Imported late: the mocks must be in place before any component is loaded. */
const credentials = () => import("../../infra/deploy/external-credentials.ts");

describe("what an existing GreptimeDB is signed in to with", () => {
  const environment = withExternalGreptimedb("local", SIGNED_IN);
  const brought = { [SIGNED_IN.password]: PASSWORD };

  it("is one secret beside that of an existing Prometheus, as a header spells it", async () => {
    const prometheus = { external: { url: "https://prometheus.example.org", token: "metricsToken" } };
    const both = withExternalGreptimedb("local", SIGNED_IN, [
      `prometheus=${JSON.stringify(prometheus)}`,
      "alertmanager={}",
    ]);
    const { externalSecrets } = await credentials();
    const secrets = externalSecrets(both, { ...brought, metricsToken: "abc" });
    expect(Object.keys(secrets).toSorted()).toEqual([SECRET_NAME, "external-prometheus-credentials"]);
    const made = pulumi.output(secrets[SECRET_NAME] ?? "");
    expect(Buffer.from(await valueOf(made), "base64").toString()).toBe(`gpu:${PASSWORD}`);
    expect(await pulumi.isSecret(made)).toBe(true);
  });

  it("is told to commands that ask it, and is a secret there too", async () => {
    const { externalCredentials } = await credentials();
    const { user, password } = externalCredentials(environment, brought)["external-greptimedb"] ?? { password: "" };
    expect(user).toBe("gpu");
    expect(await valueOf(pulumi.output(password))).toBe(PASSWORD);
    expect(await pulumi.isSecret(pulumi.output(password))).toBe(true);
    expect(externalCredentials(withExternalGreptimedb("local"), {})).toEqual({});
  });

  it("reaches a Grafana somebody else runs for both its sources", async () => {
    const { ExternalGrafana } = await import("../../components/grafana/external-grafana.ts");
    const externalGreptimedb = planExternalGreptimedbSource(environment);
    if (externalGreptimedb === undefined) throw new Error("no existing GreptimeDB");
    const grafana = new ExternalGrafana("external", {
      url: "https://grafana.example.org",
      token: "token",
      content: planGrafanaContent({ sources: { externalGreptimedb } }),
      certificate: { certPem: "certificate", keyPem: "key", caPem: "authority" },
      secrets: { [SECRET_NAME]: "abc", [SIGNED_IN.password]: PASSWORD },
    });
    await valueOf(grafana.readerToken);
    const hiddenOf = (uid: string) => {
      const { inputs } = created.find(({ name }) => name === `external-source-${uid}`) ?? { inputs: {} };
      const { secureJsonDataEncoded } = inputs as { readonly secureJsonDataEncoded?: { readonly value: string } };
      return JSON.parse(secureJsonDataEncoded?.value ?? "{}") as unknown;
    };
    const tlsCACert = SIGNED_IN.authority;
    expect(hiddenOf("greptimedb")).toEqual({ tlsCACert, httpHeaderValue1: "Basic abc", httpHeaderValue2: "gpus" });
    expect(hiddenOf("greptimedb-sql")).toEqual({ tlsCACert, password: PASSWORD });
  });
});
