import type { KubernetesObject, PolicyRule, Unit, Violation } from "../model.ts";
import { argument, namedArguments } from "../read/file.ts";
import { textMapAt } from "../read/known.ts";
import { whereOf } from "../read/kubernetes-object.ts";

/** Passwords that stand in manuals. */
const KNOWN = ["greptime_pwd", "admin", "password", "changeme", "minioadmin", "grafana", "secret"];

/** Ends of names of variables, arguments and keys that hold a password. */
const PASSWORD_NAME = /(pass(word|wd)?|pwd)$/i;

/** Nobody gets in with what the manual says. */
export const noDefaultCredentials: PolicyRule = {
  name: "no-default-credentials",
  description: "No user has a password out of a manual: greptime_user/greptime_pwd, admin/admin (S2-35, S2-70).",
  fix: "leave passwords to the platform, which makes random ones: pulumi stack output credentials --show-secrets",
  check: ({ units, objects }) => [
    ...units.flatMap(checkUnit),
    ...units.flatMap(unguarded),
    ...objects.flatMap(checkSecret),
  ],
};

function checkUnit({ where, urn, args, env, files }: Unit): readonly Violation[] {
  const named: readonly (readonly [string, string])[] = [...Object.entries(env), ...namedArguments(args)];
  const found = [
    ...named.filter(([name, value]) => PASSWORD_NAME.test(name) && KNOWN.includes(value)).map(([name]) => name),
    ...args.filter((text) => text.includes("greptime_pwd")).map(() => "an argument"),
    ...Object.entries(files)
      .filter(([, text]) => holdsDefault(text))
      .map(([path]) => path),
  ];
  return [...new Set(found)].map((place) => ({ where: `${where}: ${place}`, urn, what: "a password out of a manual" }));
}

const PASSWORD_LINE = new RegExp(
  `(pass(word|wd)?|pwd)["']?\\s*[:=]\\s*["']?(${KNOWN.join("|")})["']?\\s*(,|}|$)`,
  "im",
);

function holdsDefault(text: string): boolean {
  return text.includes("greptime_pwd") || PASSWORD_LINE.test(text);
}

/** A program that has a default of its own unless it is told better. */
function unguarded(unit: Unit): readonly Violation[] {
  const { program, env, where, urn } = unit;
  if (program === "grafana" && !("GF_SECURITY_ADMIN_PASSWORD" in env) && !("GF_SECURITY_ADMIN_PASSWORD__FILE" in env)) {
    return [{ where, urn, what: "no admin password is given, so it is admin" }];
  }
  if (program === "greptimedb" && argument(unit, "user-provider") === undefined) {
    return [{ where, urn, what: "no users are given, so everybody gets in" }];
  }
  return [];
}

function checkSecret(object: KubernetesObject): readonly Violation[] {
  if (object.kind !== "Secret") return [];
  const decoded = Object.entries(textMapAt(object.body, "data")).map(([key, value]): [string, string] => [
    key,
    Buffer.from(value, "base64").toString(),
  ]);
  return [...decoded, ...Object.entries(textMapAt(object.body, "stringData"))]
    .filter(([key, value]) => value.includes("greptime_pwd") || (/pass/i.test(key) && KNOWN.includes(value.trim())))
    .map(([key]) => ({ where: `${whereOf(object)}: ${key}`, urn: object.urn, what: "a password out of a manual" }));
}
