import { ConfigError } from "../../../components/core/errors.ts";
import { ensureToolchain } from "../../toolchain/toolchain.ts";
import { agent } from "../bench/agent.ts";
import { machine } from "../bench/bench.ts";
import { gateway } from "../bench/gateway.ts";
import { startup } from "../bench/startup.ts";
import type { Command } from "../command.ts";
import { localPrograms } from "../programs.ts";

const BENCHES = [startup, gateway, agent];

export const command: Command = {
  usage: "npm run bench [-- <name>...] [--json]",
  summary:
    "Measures on this machine: startup (time by part, resident memory), gateway (CPU per span beside a bare collector in\n" +
    "the same run), agent (CPU and memory at 8 GPUs). Without a name: all. Prints figures, judges nothing.",
  run: async (args) => {
    const names = args.filter((arg) => !arg.startsWith("--"));
    const known = BENCHES.map(({ name }) => name);
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) {
      const fix = `npm run bench -- ${known[0] ?? ""}`;
      throw new ConfigError([
        { path: "bench", expected: `names among ${known.join(", ")}`, got: unknown.join(", "), fix },
      ]);
    }
    await ensureToolchain(localPrograms());
    const figures: Record<string, unknown> = { machine: machine() };
    for (const { name, run } of BENCHES) {
      if (names.length > 0 && !names.includes(name)) continue;
      figures[name] = await run((line) => console.error(`${name}: ${line}`));
    }
    if (args.includes("--json")) console.log(JSON.stringify(figures));
    else console.log(JSON.stringify(figures, null, 2).replaceAll(/["{},]/g, ""));
    return 0;
  },
};
