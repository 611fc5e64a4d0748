import { z } from "zod";
import type { Problem } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import { environmentSchema } from "./schema.ts";
import { ENVIRONMENT_KEY } from "./stack-file.ts";

type Path = readonly PropertyKey[];

/**
 * What a schema refused, for a person.
 *
 * @param at - the place of a path
 * @param below - where in an environment the value that was judged stands. @default it is all of it
 */
export function toProblems(issue: z.core.$ZodIssue, at: (path: string) => string, below: Path = []): Problem[] {
  const path = at(toPath(issue.path));
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(environmentSchema, [...below, ...issue.path], issue.input);
    return issue.keys.map((key) => ({
      path: at(toPath([...issue.path, key])),
      expected: "a known key",
      got: `unknown key "${key}"`,
      fix: `${didYouMean(key, known)}remove "${key}"; stacks/environment.schema.json lists what may stand here`,
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const expected = issue.errors.flatMap((issues) => issues.map((inner) => expectation(inner)));
    return [{ path, expected: [...new Set(expected)].join(" or "), got: show(issue.input), fix: `change ${path}` }];
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    const words = wordsAt(environmentSchema, [...below, ...issue.path]);
    const got = (issue.input as Record<string, unknown> | undefined)?.[issue.discriminator];
    const fix = `${didYouMean(String(got), words)}change ${path}`;
    return [{ path, expected: `one of ${words.join(", ")}`, got: show(got), fix }];
  }
  const hint = issue.code === "invalid_value" ? didYouMean(String(issue.input), issue.values.map(String)) : "";
  return [{ path, expected: expectation(issue), got: show(issue.input), fix: `${hint}change ${path}` }];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `a value of type ${issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "invalid_key":
      return `a key of ${issue.issues.map(expectation).join(" and ")}`;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function toPath(path: Path): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? ENVIRONMENT_KEY : text.replace(/^\./, "");
}

function show(input: unknown): string {
  if (input === undefined) return "nothing";
  const text = JSON.stringify(input) ?? String(input);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Every schema that a value at a place may have. */
function schemasAt(schema: z.core.$ZodType, path: Path): readonly z.core.$ZodType[] {
  const down = (schemas: readonly z.core.$ZodType[], part: PropertyKey) =>
    schemas.flatMap((one) => schemasBelow(one, part));
  return path.reduce(down, [schema]).flatMap(kindsOf);
}

/** Words that may stand at a place and tell kinds of value apart. */
function wordsAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const literals = schemasAt(schema, path).filter((one) => one instanceof z.ZodLiteral);
  return literals.flatMap(({ values }) => [...values].map(String));
}

/** Keys that may stand at a place; of several kinds of value those of the kind that the input is. */
function keysAt(schema: z.core.$ZodType, path: Path, input: unknown): readonly string[] {
  const objects = schemasAt(schema, path).filter((one) => one instanceof z.ZodObject);
  const fitting = objects.filter(({ shape }) => isOfKind(shape, input));
  return (fitting.length > 0 ? fitting : objects).flatMap(({ shape }) => Object.keys(shape));
}

/** The kinds of value that a schema takes, without what only gives them a default. */
function kindsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { def } = schema._zod as unknown as {
    readonly def: { readonly innerType?: z.core.$ZodType; readonly options?: readonly z.core.$ZodType[] };
  };
  if (def.innerType !== undefined) return kindsOf(def.innerType);
  return def.options?.flatMap(kindsOf) ?? [schema];
}

function schemasBelow(schema: z.core.$ZodType, part: PropertyKey): readonly z.core.$ZodType[] {
  return kindsOf(schema).flatMap((one): readonly z.core.$ZodType[] => {
    if (one instanceof z.ZodObject) {
      const value = (one.shape as z.core.$ZodShape)[String(part)];
      return value === undefined ? [] : [value];
    }
    if (one instanceof z.ZodArray) return [one.element];
    return one instanceof z.ZodRecord ? [one.valueType] : [];
  });
}

/** Whether the input has the words that tell this kind apart, such as `kind: email`. */
function isOfKind(shape: z.core.$ZodShape, input: unknown): boolean {
  return Object.entries(shape).every(
    ([key, value]) =>
      !(value instanceof z.ZodLiteral) ||
      value.values.has((input as Record<string, z.core.util.Literal> | undefined)?.[key]),
  );
}
