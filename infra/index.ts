import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../components/core/errors.ts";
import { prepare, warnOfOccupied } from "./cli/prepare.ts";
import { deploy } from "./deploy/deploy.ts";
import { keepSummary } from "./deploy/kept-summary.ts";
import { takeOver } from "./environment/hand-over.ts";
import { loadEnvironment } from "./environment/load.ts";
import { parseEnvironmentName } from "./environment/stack-file.ts";
import { planSummary } from "./summary/plan.ts";

// The SDK notes the stack of several promises a resource, and its runner maps each line of them through source maps: a
// quarter of all CPU at a thousand hosts. This program runs as it is written: the engine of JavaScript names its lines.
Reflect.deleteProperty(Error, "prepareStackTrace");

const platform = await explained(async () => {
  const raw = takeOver(new pulumi.Config().requireObject("environment"));
  const environment = loadEnvironment(parseEnvironmentName(pulumi.getStack()), raw);
  const { topology, deployables } = await prepare(environment, pulumi.runtime.isDryRun() ? warnOfOccupied : undefined);
  const deployed = await deploy(topology, deployables);
  keepSummary(planSummary(topology, deployables));
  return { ...deployed, skipped: topology.skipped };
});

/** Where the gateways and each backend answer, by workload; `npm run status` names every port of every program. */
export const endpoints = platform.endpoints;
/** Parts left out, with the reason. */
export const skipped = platform.skipped;
/** Certificate that identifies the operator to every listener, a secret as a whole. */
export const operator = pulumi.secret(platform.operator);
/** The same for an existing Prometheus that scrapes our programs; absent where the environment has its own. */
export const externalPrometheus = platform.externalPrometheus && pulumi.secret(platform.externalPrometheus);

/** Passwords the platform made for people, by service: `pulumi stack output credentials --show-secrets`. */
export const credentials = platform.credentials;

/** Bad input is for the user to read, without a stack trace. */
async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}
