import type { ObjectType, PropertyType } from "./sdk-types.ts";
import { isObject, isUnknown, type Properties, toAsset, toPlain } from "./values.ts";

/** One input that is not as the SDK declares it. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Compares inputs with their declared type: unknown names, missing ones, and values of the wrong shape. */
export function checkInputs(inputs: Properties, declared: ObjectType): readonly Failure[] {
  return checkObject(toPlain(inputs) as Properties, declared, "");
}

function checkObject(value: Properties, declared: ObjectType, path: string): readonly Failure[] {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const given = Object.entries(value).filter(([name, item]) => !name.startsWith("__") && item !== undefined);
  const missing = [...declared].filter(([name, { required }]) => required && (value[name] ?? undefined) === undefined);
  return [
    ...missing.map(([name]) => ({ property: at(name), reason: `Missing required property '${name}'` })),
    ...given.flatMap(([name, item]) => {
      const property = declared.get(name);
      if (property !== undefined) return checkValue(item, property.type, at(name));
      return [{ property: at(name), reason: `Unknown property '${name}'; known: ${[...declared.keys()].join(", ")}` }];
    }),
  ];
}

function checkValue(value: unknown, type: PropertyType, path: string): readonly Failure[] {
  if (value === null || isUnknown(value)) return [];
  const wrong = () => [{ property: path, reason: `Expected ${type.kind}, got ${nameOf(value)}` }];
  switch (type.kind) {
    case "any":
      return [];
    case "asset":
      return toAsset(value) === undefined ? wrong() : [];
    case "array":
      if (!Array.isArray(value)) return wrong();
      return value.flatMap((item, index) => checkValue(item, type.of, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return wrong();
      return Object.entries(value).flatMap(([key, item]) => checkValue(item, type.of, `${path}.${key}`));
    case "object":
      return isObject(value) ? checkObject(value, type.properties(), path) : wrong();
    case "string":
    case "number":
    case "boolean":
      return isScalar(value, type.kind) ? [] : wrong();
  }
}

/** Bridged providers take `"5"` for a number and `5` for a string. */
function isScalar(value: unknown, kind: "string" | "number" | "boolean"): boolean {
  if (typeof value === kind) return true;
  if (kind === "string") return typeof value === "number" || typeof value === "boolean";
  if (kind === "number") return typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value));
  return value === "true" || value === "false";
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return isObject(value) ? "object" : typeof value;
}
