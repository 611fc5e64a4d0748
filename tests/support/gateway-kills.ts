import { setTimeout as sleep } from "node:timers/promises";
import type { LocalEnvironment } from "./local-environment.ts";
import { sendLoad, type Sent } from "./numbered-load.ts";
import { launchOf, relaunch, untilHealthy } from "./relaunch.ts";

const GATEWAYS = ["gateway-a", "gateway-b"] as const;
/** Longest time between two kills, and from a kill to the restart, in milliseconds. */
const MOST_BETWEEN_MS = 3000;
const MOST_DOWN_MS = 2000;

export interface Kills {
  readonly environment: LocalEnvironment;
  readonly rounds: number;
  /** Decides the moments and the gateways: the same seed, the same kills. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What was sent through each host while gateways were killed. */
export type Load = Readonly<Record<string, Sent>>;

/**
 * Kills a gateway with SIGKILL at a random moment, round after round, while both hosts send as fast as their agents take
 * it; starts it again a random while later, and goes on when it is healthy.
 */
export async function killGateways({ environment, rounds, seed, say }: Kills): Promise<Load> {
  const random = randomFrom(seed);
  let isEnough = false;
  const sending = [1, 2].map(async (host) => {
    const name = `kills-${seed}-${host}`;
    const endpoint = `http://${environment.loopback}.${host}:4318`;
    return [name, await sendLoad({ endpoint, name, batches: Infinity, restMs: 0, isEnough: () => isEnough })] as const;
  });
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await sleep(random() * MOST_BETWEEN_MS);
      const index = random() < 0.5 ? 0 : 1;
      const gateway = GATEWAYS[index];
      const launch = launchOf(environment.pidOf(gateway));
      environment.crash(gateway);
      const down = random() * MOST_DOWN_MS;
      await sleep(down);
      relaunch(environment.workloadFolder(gateway), launch);
      await untilHealthy(`http://${environment.address(index)}:8888/`);
      say(`round ${round} of ${rounds}: ${gateway} killed, started again after ${Math.round(down)} ms`);
    }
  } finally {
    isEnough = true;
  }
  return Object.fromEntries(await Promise.all(sending));
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
