import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { randomBytes, type webcrypto } from "node:crypto";

/** A certificate and its private key, both PEM. */
export interface KeyPairPem {
  readonly certPem: string;
  /** PKCS#8; a secret. */
  readonly keyPem: string;
  /** End of validity, ISO 8601. */
  readonly notAfter: string;
}

export interface AuthorityRequest {
  readonly commonName: string;
  readonly validityDays: number;
}

export interface LeafRequest extends AuthorityRequest {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/** ECDSA P-256: every TLS 1.2 and 1.3 stack here speaks it, and a handshake costs a tenth of RSA's. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;

/** Hosts' clocks differ: a certificate is valid from a little before it was made. */
const CLOCK_SKEW_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** A self-signed certificate authority that may sign leaves only. */
export async function issueAuthority(request: AuthorityRequest, now = new Date()): Promise<KeyPairPem> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ CN: [request.commonName] }],
    ...validity(request.validityDays, now),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toKeyPair(certificate, keys.privateKey);
}

/** A leaf that serves and dials: both sides of mutual TLS. It never outlives its authority. */
export async function issueLeaf(authority: Authority, request: LeafRequest, now = new Date()): Promise<KeyPairPem> {
  const { certificate: issuer, signingKey, keyIdentifier } = await readIssuer(authority);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const { notBefore, notAfter } = validity(request.validityDays, now);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: [{ CN: [request.commonName] }],
    issuer: issuer.subjectName.toJSON(),
    notBefore,
    notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      ...OF_EVERY_LEAF,
      subjectAlternativeNames(request),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      keyIdentifier,
    ],
  });
  return toKeyPair(certificate, keys.privateKey);
}

/** Written once: a fleet has a thousand leaves. */
const OF_EVERY_LEAF = [
  new BasicConstraintsExtension(false, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
];

type Authority = Pick<KeyPairPem, "certPem" | "keyPem">;

interface Issuer {
  readonly certificate: X509Certificate;
  readonly signingKey: webcrypto.CryptoKey;
  readonly keyIdentifier: AuthorityKeyIdentifierExtension;
}

/** The authority of the leaf before: all leaves of a fleet have one, and reading it is a third of issuing one. */
let latest: { readonly authority: Authority; readonly issuer: Promise<Issuer> } | undefined;

function readIssuer({ certPem, keyPem }: Authority): Promise<Issuer> {
  const known = latest?.authority.certPem === certPem && latest.authority.keyPem === keyPem ? latest.issuer : undefined;
  const issuer = known ?? readIssuerAnew({ certPem, keyPem });
  latest = { authority: { certPem, keyPem }, issuer };
  return issuer;
}

async function readIssuerAnew({ certPem, keyPem }: Authority): Promise<Issuer> {
  const certificate = new X509Certificate(certPem);
  return {
    certificate,
    signingKey: await importPrivateKey(keyPem),
    keyIdentifier: await AuthorityKeyIdentifierExtension.create(certificate.publicKey),
  };
}

/** Whether a certificate is due: expired, or closer to its end than `renewBeforeDays`. */
export function isRenewalDue(notAfter: string, renewBeforeDays: number, now = new Date()): boolean {
  const end = Date.parse(notAfter);
  return Number.isNaN(end) || now.getTime() > end - renewBeforeDays * DAY_MS;
}

function subjectAlternativeNames({ dnsNames, ipAddresses }: LeafRequest): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension([
    ...dnsNames.map((value) => ({ type: "dns", value }) as const),
    ...ipAddresses.map((value) => ({ type: "ip", value }) as const),
  ]);
}

function validity(days: number, now: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - CLOCK_SKEW_MS), notAfter: new Date(now.getTime() + days * DAY_MS) };
}

/** 127 random bits with the top bit clear: DER would read it as a negative number otherwise. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString("hex");
}

function importPrivateKey(keyPem: string): Promise<webcrypto.CryptoKey> {
  const [der] = PemConverter.decode(keyPem);
  if (der === undefined) throw new Error("the authority's key is not PEM");
  return crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}

async function toKeyPair(certificate: X509Certificate, privateKey: webcrypto.CryptoKey): Promise<KeyPairPem> {
  const der = await crypto.subtle.exportKey("pkcs8", privateKey);
  return {
    certPem: `${certificate.toString("pem")}\n`,
    keyPem: `${PemConverter.encode(der, "PRIVATE KEY")}\n`,
    notAfter: certificate.notAfter.toISOString(),
  };
}
