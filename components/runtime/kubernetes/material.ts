import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../core/errors.ts";
import { hashOf } from "../../core/hash.ts";
import type { Delivery } from "../runtime.ts";
import type { Workload } from "../workload.ts";
import { secretPath, tlsPath } from "./secret.ts";
import type { SecretMaterial } from "./settings.ts";

/**
 * The secret files of a workload, from what was delivered to it.
 *
 * @throws ConfigError when a secret or certificate the workload needs was not delivered
 */
export function materialOf(workload: Workload, delivery: Delivery): SecretMaterial {
  const files: Record<string, pulumi.Input<string>> = {};
  for (const [path, name] of Object.entries(workload.secretFiles)) {
    files[secretPath(path)] = pulumi.secret(delivery.secrets[name] ?? missing(workload, `secret ${name}`));
  }
  const digest = (): pulumi.Output<string> => pulumi.output(files).apply(hashOf);
  if (workload.certificate === undefined) return { files, digest: digest() };
  const { certPem, keyPem, caPem } = delivery.certificate ?? missing(workload, "a certificate");
  Object.assign(files, {
    [tlsPath("cert.pem")]: certPem,
    [tlsPath("key.pem")]: pulumi.secret(keyPem),
    [tlsPath("ca.pem")]: caPem,
  });
  // Who guesses a password cannot check the guess: the digest covers a private key as well.
  return { files, digest: pulumi.unsecret(digest()) };
}

function missing(workload: Workload, what: string): never {
  throw new ConfigError([
    {
      path: `workload ${workload.name}`,
      expected: what,
      got: "none",
      fix: "deliver it where the Service of the workload is made",
    },
  ]);
}
