import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { authorityProvider, leafProvider, tokenProvider } from "../../components/security/providers.ts";

const AUTHORITY = { commonName: "local", validityDays: 1825, renewBeforeDays: 120 };

async function leafInputs() {
  const { outs } = await authorityProvider.create(AUTHORITY);
  return {
    commonName: "tempo",
    dnsNames: ["tempo"],
    ipAddresses: ["127.0.0.1"],
    validityDays: 90,
    renewBeforeDays: 30,
    authorityCertPem: outs.certPem,
    authorityKeyPem: outs.keyPem,
  };
}

describe("the certificate authority of an environment", () => {
  it("stays as it is while nothing changes", async () => {
    const { id, outs } = await authorityProvider.create(AUTHORITY);
    expect((await authorityProvider.diff(id, outs, AUTHORITY)).changes).toBe(false);
    expect((await authorityProvider.diff(id, outs, { ...AUTHORITY, renewBeforeDays: 1 })).changes).toBe(false);
  });

  it("is made anew when it nears its end or has expired", async () => {
    const { id, outs } = await authorityProvider.create(AUTHORITY);
    for (const notAfter of [new Date(Date.now() + 60 * 86_400_000), new Date(0)]) {
      const old = { ...outs, notAfter: notAfter.toISOString() };
      expect((await authorityProvider.diff(id, old, AUTHORITY)).changes).toBe(true);
    }
    const renewed = await authorityProvider.update(id, outs, AUTHORITY);
    expect(renewed.outs.certPem).not.toBe(outs.certPem);
  });
});

describe("a leaf certificate of an environment", () => {
  it("is made anew in place, with a new key, for another name or another authority", async () => {
    const inputs = await leafInputs();
    const { id, outs } = await leafProvider.create(inputs);
    expect((await leafProvider.diff(id, outs, inputs)).changes).toBe(false);
    const named = { ...inputs, dnsNames: ["tempo", "localhost"] };
    expect(await leafProvider.diff(id, outs, named)).toEqual({ changes: true });
    const moved = { ...inputs, ...(await leafInputs()) };
    expect(await leafProvider.diff(id, outs, moved)).toEqual({ changes: true });
    const renewed = await leafProvider.update(id, outs, moved);
    expect(renewed.outs.keyPem).not.toBe(outs.keyPem);
    const issuer = new X509Certificate(moved.authorityCertPem);
    expect(new X509Certificate(renewed.outs.certPem).verify(issuer.publicKey)).toBe(true);
  });

  it("is made anew when it has expired", async () => {
    const inputs = await leafInputs();
    const { id, outs } = await leafProvider.create(inputs);
    expect((await leafProvider.diff(id, { ...outs, notAfter: new Date(0).toISOString() }, inputs)).changes).toBe(true);
  });
});

describe("a random token", () => {
  it("has 256 bits, differs every time, and changes only with its generation", async () => {
    const inputs = { bytes: 32, generation: 1 };
    const [first, second] = [await tokenProvider.create(inputs), await tokenProvider.create(inputs)];
    expect(Buffer.from(first.outs.token, "base64url")).toHaveLength(32);
    expect(first.outs.token).not.toBe(second.outs.token);
    expect((await tokenProvider.diff(first.id, first.outs, inputs)).changes).toBe(false);
    expect((await tokenProvider.diff(first.id, first.outs, { bytes: 32, generation: 2 })).changes).toBe(true);
  });
});
