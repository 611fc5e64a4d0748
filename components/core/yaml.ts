import { stringify } from "yaml";

/**
 * The one serialiser of configuration files.
 *
 * YAML 1.1, because that is what most Go programs here still parse: it quotes `on`, `y` and `0o7`
 * where a 1.2 writer would not.
 */
export function toYaml(value: unknown): string {
  return stringify(value, { version: "1.1", aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Indented JSON with a final newline. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
