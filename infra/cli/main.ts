import { ConfigError } from "../../components/core/errors.ts";
import type { Command } from "./command.ts";
import { keepCompiledCode } from "./compiled.ts";

keepCompiledCode();

const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  start: () => import("./commands/start.ts"),
  test: () => import("./commands/test.ts"),
  "test:unit": () => import("./commands/test-unit.ts"),
  "test:rules": () => import("./commands/test-rules.ts"),
  "test:config": () => import("./commands/test-config.ts"),
  "test:integration": () => import("./commands/test-integration.ts"),
  "test:engine": () => import("./commands/test-engine.ts"),
  "test:policy": () => import("./commands/test-policy.ts"),
  "test:kubernetes": () => import("./commands/test-kubernetes.ts"),
  "test:hosts": () => import("./commands/test-hosts.ts"),
  "test:live": () => import("./commands/test-live.ts"),
  preview: () => import("./commands/preview.ts"),
  summary: () => import("./commands/summary.ts"),
  up: () => import("./commands/up.ts"),
  drift: () => import("./commands/drift.ts"),
  deploy: () => import("./commands/deploy.ts"),
  destroy: () => import("./commands/destroy.ts"),
  verify: () => import("./commands/verify.ts"),
  report: () => import("./commands/report.ts"),
  render: () => import("./commands/render.ts"),
  bench: () => import("./commands/bench.ts"),
  secret: () => import("./commands/secret.ts"),
  lint: () => import("./commands/lint.ts"),
};

process.exitCode = await main(process.argv.slice(2));

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const load = COMMANDS[name];
  if (load === undefined) {
    console.error(`command\n  expected  one of ${Object.keys(COMMANDS).join(", ")}\n  got       "${name}"`);
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
    if (error instanceof ConfigError) console.error(error.message);
    else console.error(error);
    return 1;
  }
}
