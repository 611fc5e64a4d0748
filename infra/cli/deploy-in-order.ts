import { ConfigError } from "../../components/core/errors.ts";

/** What is done to one environment. Numbers are exit codes. */
export interface DeploySteps {
  readonly preview: (stack: string) => Promise<number>;
  readonly confirm: (stack: string) => Promise<boolean>;
  readonly up: (stack: string) => Promise<number>;
  readonly verify: (stack: string) => Promise<number>;
}

export interface DeployResult {
  readonly stack: string;
  readonly outcome: "deployed" | "preview failed" | "not confirmed" | "up failed" | "verify failed" | "not tried";
  readonly seconds: number;
}

/** Deploys one environment after the other, and none after one that did not come to its end. */
export async function deployInOrder(stacks: readonly string[], steps: DeploySteps): Promise<readonly DeployResult[]> {
  const results: DeployResult[] = [];
  for (const stack of stacks) {
    const isStopped = results.some(({ outcome }) => outcome !== "deployed");
    const started = performance.now();
    const outcome = isStopped ? "not tried" : await deployOne(stack, steps);
    results.push({ stack, outcome, seconds: (performance.now() - started) / 1000 });
  }
  return results;
}

/** An error that is thrown counts as the failure of its step: the others still have to be told of. */
async function deployOne(stack: string, steps: DeploySteps): Promise<DeployResult["outcome"]> {
  if (!(await succeeds(() => steps.preview(stack)))) return "preview failed";
  if (!(await steps.confirm(stack))) return "not confirmed";
  if (!(await succeeds(() => steps.up(stack)))) return "up failed";
  return (await succeeds(() => steps.verify(stack))) ? "deployed" : "verify failed";
}

async function succeeds(step: () => Promise<number>): Promise<boolean> {
  try {
    return (await step()) === 0;
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    return false;
  }
}

/** A line for each environment. */
export function toText(results: readonly DeployResult[]): string {
  return results
    .map(({ stack, outcome, seconds }) => {
      const time = outcome === "not tried" ? "" : ` after ${seconds.toFixed(0)} s`;
      return `${stack.padEnd(12)}${outcome}${time}`;
    })
    .join("\n");
}
