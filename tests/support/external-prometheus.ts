import { parseEnvironment } from "../../infra/cli/arguments.ts";
import type { Environment, EnvironmentName } from "../../infra/environment/schema.ts";

/** An address that nobody has. */
export const EXTERNAL_URL = "https://prometheus.example.org";

/**
 * A committed environment that uses an existing Prometheus.
 *
 * @param more - `path=value` for each other value that is not the committed one
 */
export function withExternalPrometheus(
  name: EnvironmentName,
  external: object = {},
  more: readonly string[] = [],
): Environment {
  const prometheus = { external: { url: EXTERNAL_URL, ...external } };
  const settings = [`prometheus=${JSON.stringify(prometheus)}`, "alertmanager={}", ...more];
  return parseEnvironment([name, ...settings.flatMap((setting) => ["--set", setting])]);
}
