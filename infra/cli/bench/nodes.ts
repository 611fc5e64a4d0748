import { kubernetesPrograms } from "../programs.ts";
import { benchOfTests } from "./of-tests.ts";

/**
 * What GPU nodes cost a deployment: staging on a real API server with 10, 100 and 1,000 of them, beside as many bare
 * ConfigMaps through the same engine.
 */
export const nodes = benchOfTests("nodes", kubernetesPrograms);
