import "reflect-metadata";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { issueAuthority, issueLeaf, type KeyPairPem } from "../../../components/security/x509.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const VALIDITY_DAYS = 2;
const DAY_MS = 86_400_000;

/** What a cluster identifies its servers, its programs and its users by; made anew for each cluster. */
export class ClusterAuthority {
  readonly #authority: KeyPairPem;

  private constructor(authority: KeyPairPem) {
    this.#authority = authority;
  }

  static async create(): Promise<ClusterAuthority> {
    return new ClusterAuthority(await issueAuthority({ commonName: "test cluster", validityDays: VALIDITY_DAYS }));
  }

  get certPem(): string {
    return this.#authority.certPem;
  }

  /** A certificate that both serves and dials on loopback: the API server's and etcd's. */
  issueServer(commonName: string): Promise<KeyPairPem> {
    const dnsNames = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
    return issueLeaf(this.#authority, {
      commonName,
      dnsNames,
      ipAddresses: ["127.0.0.1"],
      validityDays: VALIDITY_DAYS,
    });
  }

  /** A client's certificate: Kubernetes reads the user from its common name and groups from its organisations. */
  async issueUser(user: string, groups: readonly string[] = []): Promise<Pick<KeyPairPem, "certPem" | "keyPem">> {
    const issuer = new X509Certificate(this.#authority.certPem);
    const [der] = PemConverter.decode(this.#authority.keyPem);
    if (der === undefined) throw new Error("the authority's key is not PEM");
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.create({
      serialNumber: `40${randomBytes(15).toString("hex")}`,
      subject: [...groups.map((group) => ({ O: [group] })), { CN: [user] }],
      issuer: issuer.subjectName.toJSON(),
      notBefore: issuer.notBefore,
      notAfter: new Date(Date.now() + (VALIDITY_DAYS - 1) * DAY_MS),
      signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
      publicKey: keys.publicKey,
      signingKey: await crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      ],
    });
    const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { certPem: `${certificate.toString("pem")}\n`, keyPem: `${PemConverter.encode(key, "PRIVATE KEY")}\n` };
  }
}

/** The key that service account tokens are signed with. */
export function makeTokenKeys(): { readonly privatePem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    publicPem: publicKey.export({ type: "spki", format: "pem" }) as string,
  };
}
