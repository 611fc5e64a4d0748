import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "undici";
import { ConfigError } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import { stateFolder } from "./folders.ts";

/** Files of the certificate that identifies the operator to every listener of an environment. */
export function operatorFiles(environment: Environment) {
  const folder = join(stateFolder(environment.name), "operator");
  return { caFile: join(folder, "ca.pem"), certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
}

/** Whether `up` has left the operator's certificate. */
export function hasOperatorCertificate(environment: Environment): boolean {
  return existsSync(operatorFiles(environment).certFile);
}

/**
 * A connection that shows the operator's certificate.
 *
 * @param serverName - name looked for in the certificate of the other side. @default the address that is dialled
 * @throws {ConfigError} when the certificate is missing or has expired
 */
export function operatorConnection(environment: Environment, serverName?: string): Agent {
  const { caFile, certFile, keyFile } = operatorFiles(environment);
  if (!hasOperatorCertificate(environment)) {
    throw new ConfigError([
      {
        path: certFile,
        expected: "the operator's certificate, written by `up`",
        got: "nothing",
        fix: `npm run up -- ${environment.name}`,
      },
    ]);
  }
  const { validToDate } = new X509Certificate(readFileSync(certFile));
  if (validToDate < new Date()) {
    throw new ConfigError([
      {
        path: certFile,
        expected: "a certificate that is valid now",
        got: `one that expired on ${validToDate.toISOString()}`,
        fix: `npm run up -- ${environment.name}, which renews it`,
      },
    ]);
  }
  const [ca, cert, key] = [caFile, certFile, keyFile].map((file) => readFileSync(file, "utf8"));
  const servername = serverName === undefined ? {} : { servername: serverName };
  return new Agent({ connect: { ca: ca ?? "", cert: cert ?? "", key: key ?? "", ...servername } });
}
