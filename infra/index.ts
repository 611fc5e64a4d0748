import * as pulumi from "@pulumi/pulumi";
import { ConfigError, throwIfAny } from "../components/core/errors.ts";
import { unavailablePrograms } from "./cli/unavailable.ts";
import { deploy } from "./deploy/deploy.ts";
import { findPortClashes } from "./deploy/deployable.ts";
import { planDeployables } from "./deploy/plan.ts";
import { takeOver } from "./environment/hand-over.ts";
import { loadEnvironment } from "./environment/load.ts";
import { parseEnvironmentName } from "./environment/stack-file.ts";
import { packSummary } from "./summary/pack.ts";
import { planSummary } from "./summary/plan.ts";
import { planTopology } from "./topology/plan.ts";

// The SDK notes the stack of several promises a resource, and its runner maps each line of them through source maps: a
// quarter of all CPU at a thousand hosts. This program runs as it is written: the engine of JavaScript names its lines.
Reflect.deleteProperty(Error, "prepareStackTrace");

const platform = await explained(async () => {
  const raw = takeOver(new pulumi.Config().requireObject("environment"));
  const environment = loadEnvironment(parseEnvironmentName(pulumi.getStack()), raw);
  const topology = planTopology(environment, unavailablePrograms());
  const deployables = planDeployables(topology);
  throwIfAny(findPortClashes(deployables));
  const summary = packSummary(planSummary(topology, deployables));
  return { ...(await deploy(topology, deployables)), skipped: topology.skipped, summary };
});

/** Where each part answers, by workload and port. */
export const endpoints = platform.endpoints;
/** Parts left out, with the reason. */
export const skipped = platform.skipped;
/** What this environment is, for the next preview to compare with. */
export const summary = platform.summary;
/** Certificate that identifies the operator to every listener. */
export const operator = platform.operator;
/** The same for an existing Prometheus that scrapes our programs; empty where the environment has its own. */
export const externalPrometheus = platform.externalPrometheus ?? {};

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
