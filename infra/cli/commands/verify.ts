import { ConfigError } from "../../../components/core/errors.ts";
import type { Environment } from "../../environment/schema.ts";
import { planTopology } from "../../topology/plan.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { readOutputs } from "../engine.ts";
import { operatorConnection } from "../operator.ts";
import { unavailablePrograms } from "../unavailable.ts";
import { planVerify, type VerifyBackend, type VerifyPlan, whyUnreachable } from "../verify/plan.ts";
import type { Reader } from "../verify/read.ts";
import { closeReaders, type Credentials, readerFor } from "../verify/readers.ts";
import { toTable } from "../verify/table.ts";
import { verify } from "../verify/verify.ts";

const DEFAULT_TIMEOUT_SECONDS = 60;

export const command: Command = {
  usage: "npm run verify -- <stack> [--json] [--timeout <seconds>]",
  summary:
    "Sends one marked metric, span and log through every agent, reads each back from every backend's own API, and walks\n" +
    "from an exemplar to its trace and log. Exit code 1 when anything is missing, with the reason.",
  run: async (args) => {
    const flag = args.indexOf("--timeout");
    const timeout = flag < 0 ? DEFAULT_TIMEOUT_SECONDS : parseSeconds(args[flag + 1]);
    const environment = parseEnvironment(
      args.filter((_, index) => flag < 0 || index !== flag + 1),
      ["--json", "--timeout"],
    );
    return runVerify(environment, { json: args.includes("--json"), timeout });
  },
};

function parseSeconds(text = ""): number {
  const seconds = Number(text);
  if (text !== "" && seconds > 0) return seconds;
  throw new ConfigError([
    { path: "--timeout", expected: "seconds above 0", got: `"${text}"`, fix: "write it as --timeout 60" },
  ]);
}

/** Verifies an environment that is up, and prints what was found. */
export async function runVerify(
  environment: Environment,
  options: { readonly json: boolean; readonly timeout: number },
): Promise<number> {
  const report = await askBackends(environment, (plan, readerOf) => verify(plan, readerOf, options.timeout));
  console.log(options.json ? JSON.stringify({ environment: environment.name, ...report }, null, 2) : toTable(report));
  return report.cells.length > 0 && report.cells.every(({ status }) => status === "landed") ? 0 : 1;
}

/**
 * Gives what is found in the backends of an environment that is up, asked as its operator.
 *
 * @throws {ConfigError} where this machine reaches none of them
 */
export async function askBackends<T>(
  environment: Environment,
  ask: (plan: VerifyPlan, readerOf: (backend: VerifyBackend) => Reader) => Promise<T>,
): Promise<T> {
  const unreachable = whyUnreachable(environment);
  if (unreachable !== undefined) throw new ConfigError([outOfReach(environment, unreachable)]);
  const plan = planVerify(planTopology(environment, unavailablePrograms()));
  const dispatcher = operatorConnection(environment);
  const asks = plan.backends.some(
    ({ kind, access }) => kind === "greptimedb" || kind === "grafana" || access?.credentials !== undefined,
  );
  const credentials = asks ? await readCredentials(environment) : {};
  try {
    return await ask(plan, (backend) => readerFor(backend, dispatcher, credentials));
  } finally {
    await Promise.all([dispatcher.close(), closeReaders()]);
  }
}

function outOfReach({ name }: Environment, got: string) {
  return {
    path: `verify ${name}`,
    expected: "backends that this machine reaches",
    got,
    fix: `npm run up -- ${name} ends well only when every pod runs what was asked; what lands, its dashboards show`,
  };
}

/** What each backend that knows people by password or token wants to be shown. */
async function readCredentials(environment: Environment): Promise<Readonly<Record<string, Credentials>>> {
  const { credentials = {} } = (await readOutputs(environment)) as { credentials?: Record<string, Credentials> };
  return credentials;
}
