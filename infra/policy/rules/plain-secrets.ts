import type { KubernetesObject, PolicyRule, Unit, Violation } from "../model.ts";
import { namedArguments, walk } from "../read/file.ts";
import { textMapAt } from "../read/known.ts";
import { whereOf } from "../read/kubernetes-object.ts";
import { parseTree } from "../read/parse-tree.ts";

/** Texts that are secrets wherever they stand. */
const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a bearer token", /\b[Bb]earer [A-Za-z0-9._~+/=-]{16,}/],
  ["an AWS access key", /\bAKIA[0-9A-Z]{16}\b/],
  ["a Slack webhook", /hooks\.slack\.com\/services\/T\w+/],
  ["a Slack token", /\bxox[abprs]-[\w-]{10,}/],
  ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{20,}/],
  ["a password in a URL", /\w+:\/\/[^\s/:@"'${}]+:[^\s/:@"'${}]+@[\w.-]+/],
];

/** Keys whose value is a secret. */
const SECRET_KEY =
  /(^|[_.-])(pass(word|wd|phrase)?|secret|token|api[_-]?key|(routing|service|secret|private)_key|credentials)$/i;

/** Values that only say where the secret is. */
const REFERENCE = /^$|^\$|^\/|^<|^file:|^(true|false|null)$/;

/** No secret is where everybody with the state, the repository or `kubectl get configmap` reads it. */
export const noPlainSecrets: PolicyRule = {
  name: "no-plain-secrets",
  description: "No secret stands in an argument, a variable, a configuration file, a ConfigMap or a label.",
  fix: "keep it with `npm run secret -- <stack> <name>` and name it in secretFiles",
  check: ({ units, objects }) => [...units.flatMap(checkUnit), ...objects.flatMap(checkObject)],
};

function checkUnit({ where, urn, args, env, files }: Unit): readonly Violation[] {
  const found = [
    ...namedArguments(args).flatMap(([name, value]) =>
      secretsOf(name === "" ? "an argument" : `argument ${name}`, name, value),
    ),
    ...Object.entries(env).flatMap(([name, value]) => secretsOf(name, name, value)),
    ...Object.entries(files).flatMap(([path, text]) => secretsInFile(path, text)),
  ];
  return found.map(([place, what]) => ({ where: `${where}: ${place}`, urn, what }));
}

function checkObject(object: KubernetesObject): readonly Violation[] {
  const texts = Object.entries({
    ...object.labels,
    ...textMapAt(object.body, "metadata", "annotations"),
    ...(object.kind === "ConfigMap" ? textMapAt(object.body, "data") : {}),
  });
  return texts
    .flatMap(([key, text]) => secretsInFile(key, text))
    .map(([place, what]) => ({ where: `${whereOf(object)}: ${place}`, urn: object.urn, what }));
}

type Found = readonly (readonly [place: string, what: string])[];

function secretsInFile(path: string, text: string): Found {
  // Dashboards hold no secrets and are too long to walk.
  const tree = path.endsWith(".json") ? undefined : parseTree(text);
  const keyed = walk(tree).flatMap(([keys, value]) => {
    const key = keys.findLast((part) => !/^\d+$/.test(part)) ?? "";
    return typeof value === "string" && isSecret(key, value)
      ? [[`${path}: ${keys.join(".")}`, `${key} in plain text`] as const]
      : [];
  });
  return [...keyed, ...shapesIn(path, text)];
}

function secretsOf(place: string, key: string, value: string): Found {
  return [...(isSecret(key, value) ? [[place, `${key} in plain text`] as const] : []), ...shapesIn(place, value)];
}

function isSecret(key: string, value: string): boolean {
  return SECRET_KEY.test(key) && !REFERENCE.test(value);
}

function shapesIn(place: string, text: string): Found {
  return SHAPES.filter(([, shape]) => shape.test(text)).map(([what]) => [place, `${what} in plain text`] as const);
}
