import { describe, expect, it } from "vitest";
import { GREPTIMEDB_URL, SIGNED_IN } from "../support/external-greptimedb.ts";
import { kubernetesResources } from "./manifests.ts";
import { violations } from "./violations.ts";

function withExternal(external: object) {
  return kubernetesResources("production", [`greptimedb=${JSON.stringify({ external })}`]);
}

describe("production with an existing GreptimeDB", () => {
  it("is accepted, signed in to over TLS", () => {
    expect(violations(withExternal({ url: GREPTIMEDB_URL, ...SIGNED_IN }))).toEqual([]);
  });

  it("is rejected when telemetry leaves in plain text, which is for our own beside it alone", () => {
    const found = violations(withExternal({ url: "http://greptimedb.internal:4000" }));
    const inPlainText = /^no-tls-insecure: .*external-greptimedb-\w+: sends in plain text/;
    expect(found).toHaveLength(3);
    for (const one of found) expect(one).toMatch(inPlainText);
  });
});
