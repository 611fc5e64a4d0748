import { localPrograms } from "../programs.ts";
import { benchOfTests } from "./of-tests.ts";

/**
 * What is lost when gateways are killed with SIGKILL at random moments under unpaced load, and how much memory they take
 * at ten times the usual load. BENCH_KILL_ROUNDS (20) and BENCH_KILL_SEED (1) choose how often and which moments.
 */
export const kills = benchOfTests("kills", localPrograms);
