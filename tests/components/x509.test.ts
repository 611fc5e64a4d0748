import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { issueAuthority, issueLeaf, isRenewalDue, type KeyPairPem } from "../../components/security/x509.ts";

const DAY_MS = 86_400_000;
const LEAF = {
  commonName: "gateway-a",
  dnsNames: ["gateway-a", "localhost"],
  ipAddresses: ["127.0.0.2", "::1"],
  validityDays: 90,
};

let authority: KeyPairPem;
let leaf: KeyPairPem;
beforeAll(async () => {
  authority = await issueAuthority({ commonName: "local, O=observability", validityDays: 1825 });
  leaf = await issueLeaf(authority, LEAF);
});

describe("a leaf certificate", () => {
  it("carries every name and address it was asked for", () => {
    const certificate = new X509Certificate(leaf.certPem);
    expect(certificate.subject).toBe("CN=gateway-a");
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.checkIP("127.0.0.2")).toBe("127.0.0.2");
    expect(certificate.checkIP("::1")).toBe("::1");
    expect(certificate.checkHost("elsewhere")).toBeUndefined();
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(certificate.ca).toBe(false);
  });

  it("is signed by its authority and by no other", async () => {
    const other = await issueAuthority({ commonName: "other", validityDays: 1 });
    const certificate = new X509Certificate(leaf.certPem);
    const issuer = new X509Certificate(authority.certPem);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.verify(new X509Certificate(other.certPem).publicKey)).toBe(false);
  });

  it("is signed by its own authority where those of two are issued in turns", async () => {
    const other = await issueAuthority({ commonName: "other", validityDays: 100 });
    const issuers = [authority, other, authority, other];
    const leaves = await Promise.all(issuers.map((issuer) => issueLeaf(issuer, LEAF)));
    const signedBy = ({ certPem }: KeyPairPem, { certPem: issuer }: KeyPairPem) =>
      new X509Certificate(certPem).verify(new X509Certificate(issuer).publicKey);
    expect(leaves.map((made, index) => signedBy(made, issuers[index] ?? made))).toEqual([true, true, true, true]);
    // A key that is not its certificate's own: what was read before does not stand in for it.
    const mixed = await issueLeaf({ certPem: authority.certPem, keyPem: other.keyPem }, LEAF);
    expect(signedBy(mixed, other)).toBe(true);
  });

  it("is valid for the days asked for, but not longer than its authority", async () => {
    const brief = await issueAuthority({ commonName: "brief", validityDays: 10 });
    expect(Math.round((Date.parse(leaf.notAfter) - Date.now()) / DAY_MS)).toBe(90);
    expect((await issueLeaf(brief, LEAF)).notAfter).toBe(brief.notAfter);
  });

  it.each(["sslserver", "sslclient"])("is accepted by openssl as %s", (purpose) => {
    const folder = mkdtempSync(join(tmpdir(), "x509-test-"));
    writeFileSync(join(folder, "ca.pem"), authority.certPem);
    writeFileSync(join(folder, "cert.pem"), leaf.certPem);
    const args = ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", "ca.pem", "cert.pem"];
    expect(execFileSync("openssl", args, { cwd: folder, encoding: "utf8" })).toContain("cert.pem: OK");
    rmSync(folder, { recursive: true });
  });

  it("serves and dials in mutual TLS; a server rejects a client of another authority", async () => {
    const stranger = await issueLeaf(await issueAuthority({ commonName: "other", validityDays: 1 }), LEAF);
    const tls = { cert: leaf.certPem, key: leaf.keyPem, ca: authority.certPem };
    const server = createServer({ ...tls, requestCert: true }, (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.2", resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (client: object) =>
      new Promise<number>((resolve, reject) => {
        const asked = request({ host: "127.0.0.2", port, ...client, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        asked.on("error", reject).end();
      });
    try {
      expect(await ask(tls)).toBe(200);
      await expect(ask({ ...tls, cert: stranger.certPem, key: stranger.keyPem })).rejects.toThrow();
      await expect(ask({ ca: authority.certPem })).rejects.toThrow();
    } finally {
      server.close();
    }
  });
});

describe("renewal", () => {
  const now = new Date("2026-06-01T00:00:00Z");

  it("is due in the last days and after the end, not before", () => {
    expect(isRenewalDue("2026-07-15T00:00:00Z", 30, now)).toBe(false);
    expect(isRenewalDue("2026-06-20T00:00:00Z", 30, now)).toBe(true);
    expect(isRenewalDue("2026-05-01T00:00:00Z", 0, now)).toBe(true);
  });

  it("is due when the end cannot be read", () => {
    expect(isRenewalDue("", 30, now)).toBe(true);
  });
});
