import { toEndpoint } from "../core/endpoint.ts";
import { toSeconds } from "../core/units.ts";
import { tlsFiles, within } from "../runtime/workload.ts";
import type { ConsoleBackend, ConsoleConfig, ConsolePort, ConsoleSettings } from "./settings.ts";

/** Whom a person signs in as. */
export const CONSOLE_USER = "viewer";
/** Secret with the password, and the file that holds it. */
export const CONSOLE_PASSWORD = "console-password";

/** `console.json`. */
export function renderConsole(settings: ConsoleSettings): ConsoleConfig {
  const { placement, environment, scrapeInterval, backends, pages, grafana } = settings;
  const { bind, paths } = placement;
  return {
    environment,
    host: bind,
    ports: portsOf(settings),
    user: CONSOLE_USER,
    passwordFile: within(paths.secrets, CONSOLE_PASSWORD),
    tls: tlsFiles(paths),
    scrapeSeconds: toSeconds(scrapeInterval),
    backends: Object.fromEntries(
      Object.entries(backends).map(([name, addresses]) => [name, addresses.map((one) => toEndpoint("https", one))]),
    ),
    ...(grafana === undefined ? {} : { grafana }),
    pages,
  };
}

/** Ports it listens on: its own, and one for each backend there is. */
export function portsOf({ placement: { ports }, backends }: Pick<ConsoleSettings, "placement" | "backends">) {
  const names: readonly ConsolePort[] = ["http", ...(Object.keys(backends) as ConsoleBackend[])];
  return Object.fromEntries(names.map((name) => [name, ports[name]])) as Partial<Record<ConsolePort, number>>;
}
