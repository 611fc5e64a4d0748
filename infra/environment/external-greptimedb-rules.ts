import type { Problem } from "../../components/core/errors.ts";
import { greptimedb } from "./backends.ts";
import { changedKeys, findKeysWithoutEffect, findSignInProblems } from "./external-rules.ts";
import type { Environment } from "./schema.ts";

/** Rules between the fields of `greptimedb.external` and the rest. */
export function findExternalGreptimedbProblems(
  environment: Environment,
  at: (path: string) => string,
): readonly Problem[] {
  const { external } = environment.greptimedb;
  if (external === undefined) return [];
  const own = changedKeys(environment.greptimedb, greptimedb.parse({})).filter(([key]) => key !== "external");
  const below = (key: string) => at(`greptimedb.external.${key}`);
  return [
    ...findKeysWithoutEffect({ name: "greptimedb", title: "GreptimeDB" }, own, at),
    ...findSignInProblems(external, below),
    ...passwordInTheOpen(external, below),
  ];
}

type External = NonNullable<Environment["greptimedb"]["external"]>;

/** Grafana's data source speaks TLS to a MySQL whose authority it is given, and else, without a word, plain text. */
function passwordInTheOpen({ mysql, password, authority }: External, at: (key: string) => string): Problem[] {
  if (mysql === undefined || password === undefined || authority !== undefined) return [];
  return [
    {
      path: at("authority"),
      expected: "a certificate, where Grafana sends a password to mysql: without one it does so in plain text",
      got: "nothing",
      fix: "add authority: the certificate (PEM) of the authority that signed those of url and mysql; or remove mysql",
    },
  ];
}
