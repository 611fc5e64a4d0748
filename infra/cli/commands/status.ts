import { planDeployables } from "../../deploy/plan.ts";
import { planTopology } from "../../topology/plan.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { engineHome } from "../engine-environment.ts";
import { findEngineProcesses } from "../engine-processes.ts";
import { stateFolder } from "../folders.ts";
import { hasOperatorCertificate, operatorConnection } from "../operator.ts";
import { readAlerts } from "../status/alerts.ts";
import { readPrograms } from "../status/programs.ts";
import { toStatusText } from "../status/text.ts";
import { unavailablePrograms } from "../unavailable.ts";
import { planVerify } from "../verify/plan.ts";

export const command: Command = {
  usage: "npm run status -- <stack> [--set path=value]...",
  summary:
    "Says what runs on this machine and whether it answers, at which addresses, which command is at work, and which\n" +
    "alerts fire. Exit code 1 when a program is stopped or does not answer. Changes nothing.",
  run: async (args) => {
    const environment = parseEnvironment(args);
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
    return programs.every(({ state }) => state.kind === "answers") ? 0 : 1;
  },
};
