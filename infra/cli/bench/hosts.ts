import { ENGINE_PROGRAMS } from "../engine-environment.ts";
import { benchOfTests } from "./of-tests.ts";

/**
 * What GPU hosts over ssh cost a deployment: dev with 10, 100 and 1,000 of them, beside the same commands bare through
 * the same engine. No host is reached: plugins that keep what they are given stand in.
 */
export const hosts = benchOfTests("hosts", () => ENGINE_PROGRAMS);
