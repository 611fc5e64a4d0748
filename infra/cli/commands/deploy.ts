import { createInterface } from "node:readline/promises";
import { ConfigError } from "../../../components/core/errors.ts";
import { ENVIRONMENT_NAMES, type Environment } from "../../environment/schema.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { type DeploySteps, deployInOrder, toText } from "../deploy-in-order.ts";
import { up } from "../up.ts";
import { whyUnreachable } from "../verify/plan.ts";
import { command as preview } from "./preview.ts";
import { runVerify } from "./verify.ts";

/** Seconds `verify` waits for a signal. Longer than by hand: a gateway that just rolled drains its queue first. */
const VERIFY_TIMEOUT_SECONDS = 180;

export const command: Command = {
  usage: "npm run deploy -- [<stack>...] [--yes] [--set path=value]...",
  summary:
    "Brings environments up one after the other, dev first and production last: preview, confirm, up, verify. Stops at\n" +
    "the first that fails or that is not confirmed. Without a stack: dev, staging, production. --yes asks nothing, for CI.",
  run: async (args) => {
    const { stacks, sets, isYes } = parseArguments(args);
    if (!isYes && !process.stdin.isTTY) throw needsYes();
    const steps: DeploySteps = {
      preview: (stack) => preview.run([stack, ...sets]),
      confirm: (stack) => (isYes ? Promise.resolve(true) : confirm(stack)),
      up: (stack) => up(parseEnvironment([stack, ...sets])),
      verify: (stack) => verify(parseEnvironment([stack, ...sets])),
    };
    const results = await deployInOrder(stacks, steps);
    console.log(`\n${toText(results)}`);
    return results.every(({ outcome }) => outcome === "deployed") ? 0 : 1;
  },
};

/** Where it cannot be asked what lands, `up` has seen to it that everything runs. */
async function verify(environment: Environment): Promise<number> {
  const unreachable = whyUnreachable(environment);
  if (unreachable === undefined) return runVerify(environment, { json: false, timeout: VERIFY_TIMEOUT_SECONDS });
  console.log(`${environment.name}: not verified: ${unreachable}`);
  return 0;
}

function parseArguments(args: readonly string[]) {
  const names = args.filter((arg, index) => arg !== "--yes" && arg !== "--set" && args[index - 1] !== "--set");
  const sets = args.flatMap((arg, index) => (arg === "--set" ? ["--set", args[index + 1] ?? ""] : []));
  // Every name and every --set is judged before anything is deployed.
  for (const name of names) parseEnvironment([name, ...sets]);
  const wanted = names.length === 0 ? ENVIRONMENT_NAMES.filter((name) => name !== "local") : names;
  // Those of the operator's own first, production last.
  const own = new Set(wanted.filter((name) => !(ENVIRONMENT_NAMES as readonly string[]).includes(name)));
  const stacks = [...own, ...ENVIRONMENT_NAMES.filter((name) => (wanted as readonly string[]).includes(name))];
  return { stacks, sets, isYes: args.includes("--yes") };
}

async function confirm(stack: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\nBring ${stack} to this? Type its name to go on: `);
  terminal.close();
  return answer.trim() === stack;
}

function needsYes(): ConfigError {
  return new ConfigError([
    {
      path: "deploy",
      expected: "a terminal to confirm each environment on",
      got: "none",
      fix: "run it in a terminal, or with --yes, which asks nothing",
    },
  ]);
}
