import { ENVIRONMENT_NAMES } from "../environment/schema.ts";
import { FREE } from "./model.ts";
import { REMEDIATIONS } from "./remediations.ts";
import { RULES } from "./rules.ts";
import { ALLOWED } from "./rules/allowed-listeners.ts";

/** The table of rules in the README: what must be true, how strict it is where, and what mends it. */
export function renderRuleTable(): string {
  return toTable(
    ["rule", "must be true", ...ENVIRONMENT_NAMES, "mended by"],
    RULES.map(({ name, description, only = ENVIRONMENT_NAMES, fix }) => [
      `\`${name}\``,
      description,
      ...ENVIRONMENT_NAMES.map((environment) => (only.includes(environment) ? levelIn(environment) : "–")),
      fix,
    ]),
  );
}

/** The table of what the pack mends by itself. */
export function renderRemediationTable(): string {
  return toTable(
    ["policy", "does"],
    REMEDIATIONS.map(({ name, description }) => [`\`${name}\``, description]),
  );
}

/** The table of listeners that need not ask for a client certificate. */
export function renderAllowList(): string {
  return toTable(
    ["program", "listener", "may speak", "because"],
    ALLOWED.map(({ program, listener, host, tls, because }) => [
      program,
      `\`${listener.source.replaceAll("|", "\\|")}\`${host === undefined ? "" : ` on \`${host}\``}`,
      tls === "none" ? "plain text" : "TLS without a client certificate",
      because,
    ]),
  );
}

function levelIn(environment: (typeof ENVIRONMENT_NAMES)[number]): string {
  return FREE.includes(environment) ? "advice" : "mandatory";
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
