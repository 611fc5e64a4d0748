import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { secretsNeededBy } from "../../../infra/environment/rules.ts";
import {
  GREPTIMEDB_AUTHORITY,
  GREPTIMEDB_URL,
  SIGNED_IN,
  withExternalGreptimedb,
} from "../../support/external-greptimedb.ts";
import { messageOf } from "../../support/problems.ts";

const PATH = "--set greptimedb.external";

describe("greptimedb.external", () => {
  it.each(["local", "dev", "staging", "production"] as const)("is all that %s says of a GreptimeDB", (name) => {
    expect(withExternalGreptimedb(name).greptimedb).toMatchObject({
      enabled: false,
      external: { url: GREPTIMEDB_URL, database: "public" },
    });
  });

  it("asks for the secret it is signed in to with, and for none of a bucket", () => {
    expect(secretsNeededBy(withExternalGreptimedb("local", SIGNED_IN))).toEqual(["greptimePassword"]);
    expect(secretsNeededBy(withExternalGreptimedb("local"))).toEqual([]);
  });

  it("keeps traces and logs by itself", () => {
    const others = ["tempo", "jaeger", "loki"].map((backend) => `${backend}.enabled=false`);
    expect(withExternalGreptimedb("local", {}, others).loki.enabled).toBe(false);
  });

  it("rejects what is said to a GreptimeDB of ours, each once", () => {
    const greptimedb = {
      external: { url: GREPTIMEDB_URL },
      enabled: true,
      user: "other",
      retention: "90d",
      storage: { kind: "s3", endpoint: "objects.example.org", bucket: "gpus" },
      volumeMiB: 131_072,
      memoryMiB: 8192,
    };
    const message = messageOf(() =>
      parseEnvironment(["production", "--set", `greptimedb=${JSON.stringify(greptimedb)}`]),
    );
    const keys = ["enabled", "user", "retention", "storage", "volumeMiB", "memoryMiB"];
    expect(message).toContain(`${keys.length} problems:`);
    for (const key of keys) {
      expect(message).toContain(`--set greptimedb.${key}\n    expected  nothing: whoever runs the GreptimeDB of`);
      expect(message).toContain(`fix       remove greptimedb.${key}, or greptimedb.external`);
    }
  });

  it.each([
    ["a user without a password", { user: "gpu" }, "password", "user and password together"],
    ["a password without a user", { password: "secret" }, "user", "user and password together"],
    ["a password in the open", { url: "http://a:4000", user: "gpu", password: "a" }, "url", "https, where a password"],
    [
      "a password in the open of Grafana's SQL",
      { mysql: "a:4002", user: "gpu", password: "a" },
      "authority",
      "a certificate, where Grafana sends a password to mysql",
    ],
  ])("rejects %s", (_, external, key, expected) => {
    const message = messageOf(() => withExternalGreptimedb("production", external));
    expect(message).toContain(`1 problem:\n  ${PATH}.${key}\n    expected  ${expected}`);
  });

  it.each([
    ["an address that is none", { url: "greptimedb:4000" }, "url"],
    ["a URL in the place of a host and a port", { mysql: "mysql://a:4002" }, "mysql"],
    ["a file's name in the place of a certificate", { authority: "ca.pem" }, "authority"],
    ["no database", { database: "" }, "database"],
  ])("rejects %s", (_, external, key) => {
    const message = messageOf(() => withExternalGreptimedb("production", external));
    expect(message).toContain(`1 problem:\n  ${PATH}.${key}\n`);
  });

  it("rejects a password in the address, and does not repeat it", () => {
    const message = messageOf(() => withExternalGreptimedb("local", { url: "https://gpu:hunter2@a.example" }));
    expect(message).toContain("got       an address of a.example with them");
    expect(message).not.toContain("hunter2");
  });

  it("takes plain text where nobody is asked who he is, and SQL over TLS where somebody is", () => {
    expect(
      withExternalGreptimedb("local", { url: "http://a:4000", mysql: "a:4002" }).greptimedb.external,
    ).toBeDefined();
    const { external } = withExternalGreptimedb("production", SIGNED_IN).greptimedb;
    expect(external).toMatchObject({ authority: GREPTIMEDB_AUTHORITY, mysql: SIGNED_IN.mysql });
  });
});
