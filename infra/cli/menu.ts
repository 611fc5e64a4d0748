import type { Command } from "./command.ts";
import type { Tier } from "./testing/tiers.ts";

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

/** Every command by its name in `package.json`; each is loaded when it is called. */
export const COMMANDS: Readonly<Record<string, Loader>> = {
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
  alert: () => import("./commands/alert.ts"),
  report: () => import("./commands/report.ts"),
  render: () => import("./commands/render.ts"),
  bench: () => import("./commands/bench.ts"),
  secret: () => import("./commands/secret.ts"),
  upgrade: () => import("./commands/upgrade.ts"),
  lint: () => import("./commands/lint.ts"),
};
