import { ConfigError } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import type { Command } from "./command.ts";
import { keepCompiledCode } from "./compiled.ts";
import { Interrupted } from "./run-engine.ts";
import type { Tier } from "./testing/tiers.ts";

keepCompiledCode();

type Loader = () => Promise<{ command: Command }>;

const tier = (name: Tier): Loader => {
  return async () => ({ command: (await import("./commands/test-tier.ts")).tierCommand(name) });
};

/** A tier without a command does not compile. */
const TIER_COMMANDS: Readonly<Record<`test:${Tier}`, Loader>> = {
  "test:unit": tier("unit"),
  "test:rules": tier("rules"),
  "test:config": tier("config"),
  "test:policy": tier("policy"),
  "test:engine": tier("engine"),
  "test:kubernetes": tier("kubernetes"),
  "test:hosts": tier("hosts"),
  "test:integration": tier("integration"),
  "test:live": tier("live"),
};

const COMMANDS: Readonly<Record<string, Loader>> = {
  start: () => import("./commands/start.ts"),
  test: () => import("./commands/test.ts"),
  "test:fast": () => import("./commands/test-fast.ts"),
  ...TIER_COMMANDS,
  preview: () => import("./commands/preview.ts"),
  summary: () => import("./commands/summary.ts"),
  up: () => import("./commands/up.ts"),
  drift: () => import("./commands/drift.ts"),
  deploy: () => import("./commands/deploy.ts"),
  destroy: () => import("./commands/destroy.ts"),
  status: () => import("./commands/status.ts"),
  verify: () => import("./commands/verify.ts"),
  report: () => import("./commands/report.ts"),
  render: () => import("./commands/render.ts"),
  bench: () => import("./commands/bench.ts"),
  secret: () => import("./commands/secret.ts"),
  upgrade: () => import("./commands/upgrade.ts"),
  lint: () => import("./commands/lint.ts"),
};

process.exitCode = await main(process.argv.slice(2));

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const load = COMMANDS[name];
  if (load === undefined) {
    const known = Object.keys(COMMANDS);
    const fix = `${didYouMean(name, known)}README.md says what each does`;
    const problem = { path: "command", expected: `one of ${known.join(", ")}`, got: `"${name}"`, fix };
    console.error(new ConfigError([problem]).message);
    return 2;
  }
  const { command } = await load();
  if (args.includes("--help") || args.includes("-h")) {
    console.log(`${command.usage}\n\n${command.summary}`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    if (error instanceof ConfigError) console.error(error.message);
    else console.error(error);
    return 1;
  }
}
