import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Agent } from "undici";
import { ConfigError } from "../../../components/core/errors.ts";
import type { Environment } from "../../environment/schema.ts";
import { planTopology } from "../../topology/plan.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { unavailablePrograms } from "../unavailable.ts";
import { operatorFiles } from "../up.ts";
import { planVerify, type VerifyBackend } from "../verify/plan.ts";
import type { Reader } from "../verify/read.ts";
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
    const environment = parseEnvironment(args.filter((_, index) => flag < 0 || index !== flag + 1));
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
  const plan = planVerify(planTopology(environment, unavailablePrograms()));
  const dispatcher = operatorConnection(environment);
  const readerOf = ({ endpoint }: VerifyBackend): Reader => ({ endpoint, dispatcher });
  const report = await verify(plan, readerOf, options.timeout);
  await dispatcher.close();
  console.log(options.json ? JSON.stringify({ environment: environment.name, ...report }, null, 2) : toTable(report));
  return report.cells.length > 0 && report.cells.every(({ status }) => status === "landed") ? 0 : 1;
}

function operatorConnection(environment: Environment): Agent {
  const { caFile, certFile, keyFile } = operatorFiles(environment);
  if (!existsSync(certFile)) {
    throw new ConfigError([
      {
        path: certFile,
        expected: "the operator's certificate, written by `up`",
        got: "nothing",
        fix: `npm run up -- ${environment.name}`,
      },
    ]);
  }
  const { validToDate } = new X509Certificate(readFileSync(certFile));
  if (validToDate < new Date()) {
    throw new ConfigError([
      {
        path: certFile,
        expected: "a certificate that is valid now",
        got: `one that expired on ${validToDate.toISOString()}`,
        fix: `npm run up -- ${environment.name}, which renews it`,
      },
    ]);
  }
  const [ca, cert, key] = [caFile, certFile, keyFile].map((file) => readFileSync(file, "utf8"));
  return new Agent({ connect: { ca: ca ?? "", cert: cert ?? "", key: key ?? "" } });
}
