import * as pulumi from "@pulumi/pulumi";
import { throwIfAny } from "../components/core/errors.ts";
import { unavailablePrograms } from "./cli/unavailable.ts";
import { deploy } from "./deploy/deploy.ts";
import { findPortClashes } from "./deploy/deployable.ts";
import { planDeployables } from "./deploy/plan.ts";
import { loadEnvironment, parseEnvironmentName } from "./environment/load.ts";
import { planTopology } from "./topology/plan.ts";

const config = new pulumi.Config();
const environment = loadEnvironment(parseEnvironmentName(pulumi.getStack()), config.requireObject("environment"));
const topology = planTopology(environment, unavailablePrograms());
const deployables = planDeployables(topology);
throwIfAny(findPortClashes(deployables));

const platform = deploy(topology, deployables);

/** Where each part answers, by workload and port. */
export const endpoints = platform.endpoints;
/** Parts left out, with the reason. */
export const skipped = topology.skipped;
/** Certificate that identifies the operator to every listener. */
export const operator = platform.operator;
