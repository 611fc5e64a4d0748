import * as pulumi from "@pulumi/pulumi";
import type { ExternalCredentials } from "../../components/runtime/external-access.ts";
import type { SecretValues } from "../../components/runtime/runtime.ts";
import type { Environment } from "../environment/schema.ts";
import { type ExternalDescription, externalsOf, planExternalAccess } from "./external-access.ts";

/** Secrets made of those the stack brings, as backends of somebody else's want to be shown them. */
export function externalSecrets(environment: Environment, brought: SecretValues): SecretValues {
  return Object.fromEntries(
    externalsOf(environment).flatMap(([name, external]) => {
      const { credentials } = planExternalAccess(name, external);
      if (credentials === undefined) return [];
      return [[credentials.secret, pulumi.secret(valueOf(credentials, external, brought))]];
    }),
  );
}

function valueOf(
  { scheme }: ExternalCredentials,
  { user = "", password = "", token = "" }: ExternalDescription,
  brought: SecretValues,
): pulumi.Output<string> {
  const secret = pulumi.output(brought[scheme === "Bearer" ? token : password] ?? "");
  if (scheme === "Bearer") return secret;
  return secret.apply((text) => Buffer.from(`${user}:${text}`).toString("base64"));
}

/** The same for the commands that ask them: a password, or without a user a token. */
export function externalCredentials(
  environment: Environment,
  secrets: SecretValues,
): Readonly<Record<string, { readonly user?: string; readonly password: pulumi.Input<string> }>> {
  return Object.fromEntries(
    externalsOf(environment).flatMap(([name, { user, password, token }]) => {
      const secret = password ?? token;
      if (secret === undefined) return [];
      return [[name, { ...(user === undefined ? {} : { user }), password: pulumi.secret(secrets[secret] ?? "") }]];
    }),
  );
}
