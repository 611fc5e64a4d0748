import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  authorityProvider,
  leafProvider,
  leafSetProvider,
  tokenProvider,
} from "../../components/security/providers.ts";

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

describe("a set of leaf certificates", () => {
  const gpu = (name: string) => ({ commonName: name, dnsNames: [name], ipAddresses: [] });

  async function setInputs(...names: readonly string[]) {
    const { authorityCertPem, authorityKeyPem } = await leafInputs();
    const requests = Object.fromEntries(names.map((name) => [name, gpu(name)]));
    return { requests, validityDays: 90, renewBeforeDays: 30, authorityCertPem, authorityKeyPem };
  }

  it("has one of its own for each, signed by the authority and with a key that fits", async () => {
    const inputs = await setInputs("gpu-1", "gpu-2");
    const { outs } = await leafSetProvider.create(inputs);
    const issuer = new X509Certificate(inputs.authorityCertPem);
    for (const name of ["gpu-1", "gpu-2"]) {
      const certificate = new X509Certificate(outs.certPems[name] ?? "");
      expect(certificate.verify(issuer.publicKey)).toBe(true);
      expect(certificate.checkPrivateKey(createPrivateKey(outs.keyPems[name] ?? ""))).toBe(true);
      expect(certificate.subjectAltName).toBe(`DNS:${name}`);
    }
    expect(outs.keyPems["gpu-1"]).not.toBe(outs.keyPems["gpu-2"]);
    expect(JSON.stringify([outs.certPems, outs.made])).not.toContain("PRIVATE");
  });

  it("keeps all others when one comes, goes, is asked for otherwise or nears its end", async () => {
    const inputs = await setInputs("gpu-1", "gpu-2");
    const { id, outs } = await leafSetProvider.create(inputs);
    expect((await leafSetProvider.diff(id, outs, inputs)).changes).toBe(false);
    const [gpu1, gpu2] = [gpu("gpu-1"), gpu("gpu-2")];
    const soon = { ...outs.made["gpu-2"]!, notAfter: new Date(Date.now() + 86_400_000).toISOString() };
    const changes = [
      { olds: outs, requests: { "gpu-1": gpu1, "gpu-2": gpu2, "gpu-3": gpu("gpu-3") }, keepsSecond: true },
      { olds: outs, requests: { "gpu-1": gpu1 }, keepsSecond: false },
      {
        olds: outs,
        requests: { "gpu-1": gpu1, "gpu-2": { ...gpu2, dnsNames: ["gpu-2", "localhost"] } },
        keepsSecond: false,
      },
      { olds: { ...outs, made: { ...outs.made, "gpu-2": soon } }, requests: inputs.requests, keepsSecond: false },
    ];
    for (const { olds, requests, keepsSecond } of changes) {
      const asked = { ...inputs, requests };
      expect((await leafSetProvider.diff(id, olds, asked)).changes).toBe(true);
      const { outs: news } = await leafSetProvider.update(id, olds, asked);
      expect(Object.keys(news.certPems)).toEqual(Object.keys(requests));
      expect(news.keyPems["gpu-1"]).toBe(outs.keyPems["gpu-1"]);
      expect(news.certPems["gpu-1"]).toBe(outs.certPems["gpu-1"]);
      expect(news.keyPems["gpu-2"] === outs.keyPems["gpu-2"]).toBe(keepsSecond);
      expect((await leafSetProvider.diff(id, news, asked)).changes).toBe(false);
    }
  });

  it("makes all anew for another authority", async () => {
    const { id, outs } = await leafSetProvider.create(await setInputs("gpu-1", "gpu-2"));
    const { outs: news } = await leafSetProvider.update(id, outs, await setInputs("gpu-1", "gpu-2"));
    for (const name of ["gpu-1", "gpu-2"]) expect(news.keyPems[name]).not.toBe(outs.keyPems[name]);
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
