import { planDeployables } from "../../deploy/plan.ts";
import type { Environment } from "../../environment/schema.ts";
import { isBuilt } from "../../toolchain/toolchain.ts";
import { planTopology } from "../../topology/plan.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { toAddressText } from "../addresses.ts";
import { hasStack, readOutputs } from "../engine.ts";
import { engineHome } from "../engine-environment.ts";
import { findEngineProcesses } from "../engine-processes.ts";
import { stateFolder } from "../folders.ts";
import { hasOperatorCertificate, operatorConnection, operatorFiles } from "../operator.ts";
import { readAlerts } from "../status/alerts.ts";
import { readPrograms } from "../status/programs.ts";
import { toStatusText } from "../status/text.ts";
import { unavailablePrograms } from "../unavailable.ts";
import { planVerify } from "../verify/plan.ts";
import type { Credentials } from "../verify/readers.ts";

export const command: Command = {
  usage: "npm run status -- <stack> [--passwords] [--set path=value]...",
  summary:
    "Says what runs on this machine and whether it answers, which command is at work, which alerts fire, and the addresses\n" +
    "that a person opens. Exit code 1 when a program is stopped or does not answer. Changes nothing.\n" +
    "--passwords prints the users and passwords for those addresses instead.",
  run: async (args) => {
    const environment = parseEnvironment(args, ["--passwords"]);
    if (args.includes("--passwords")) return printPasswords(environment);
    const folder = stateFolder(environment.name);
    const topology = planTopology(environment, unavailablePrograms());
    const deployables = planDeployables(topology);
    const here = deployables.filter(({ runtime }) => runtime === "process").map(({ workload }) => workload);
    const elsewhere = deployables.filter(({ runtime }) => runtime !== "process");
    const programs = await readPrograms(here, folder);
    const replicas = planVerify(topology).backends.filter(({ kind, access }) => kind === "prometheus" && !access);
    const dispatcher = hasOperatorCertificate(environment) ? operatorConnection(environment) : undefined;
    const alerts =
      dispatcher &&
      (await readAlerts(
        replicas.map(({ endpoint }) => endpoint),
        dispatcher,
      ));
    await dispatcher?.close();
    const atWork = findEngineProcesses(engineHome(folder)).find(({ isEngine }) => isEngine)?.pid;
    const others = Object.fromEntries(elsewhere.map(({ workload, runtime }) => [workload.name, runtime]));
    console.log(toStatusText({ stack: environment.name, programs, elsewhere: others, atWork, alerts }));
    console.log(readAddresses(environment));
    return programs.every(({ state }) => state.kind === "answers") ? 0 : 1;
  },
};

/** The addresses of an environment, as this machine has its programs. */
export function readAddresses(environment: Environment): string {
  const topology = planTopology(environment, unavailablePrograms());
  const built = new Set(["prometheus", "jaeger"].filter(isBuilt));
  return toAddressText(topology, { caFile: operatorFiles(environment).caFile, built });
}

/** Prints what the platform made for people to sign in with; asks the engine, whose state alone knows it. */
async function printPasswords(environment: Environment): Promise<number> {
  const outputs = hasStack(environment.name) ? await readOutputs(environment) : {};
  const { credentials = {} } = outputs as { readonly credentials?: Readonly<Record<string, Credentials>> };
  for (const [name, { user, password }] of Object.entries(credentials)) {
    console.log(`${name}  ${user === undefined ? "token" : `user ${user}, password`} ${password}`);
  }
  if (Object.keys(credentials).length > 0) return 0;
  console.error(`${environment.name} has no passwords yet: npm run up -- ${environment.name}`);
  return 1;
}
