import { ConfigError } from "../../../components/core/errors.ts";
import { ensureToolchain } from "../../toolchain/toolchain.ts";
import { agent } from "../bench/agent.ts";
import { type Figures, machine, toTable } from "../bench/bench.ts";
import { gateway } from "../bench/gateway.ts";
import { hosts } from "../bench/hosts.ts";
import { kills } from "../bench/kills.ts";
import { nodes } from "../bench/nodes.ts";
import { startup } from "../bench/startup.ts";
import type { Command } from "../command.ts";
import { localPrograms } from "../programs.ts";

const BENCHES = [startup, gateway, agent];
/** Measured only by name: they take many minutes, and one a cluster's programs. */
const BY_NAME = [nodes, hosts, kills];

export const command: Command = {
  usage: "npm run bench [-- <name>...] [--json]",
  summary:
    "Measures on this machine: startup (time by part, resident memory), gateway (CPU per span beside collectors that do less\n" +
    "in the same run, and where it goes), agent (CPU and memory at 8 GPUs). Without a name: these. By name alone: nodes\n" +
    "(staging at 10 to 1,000 GPU nodes beside as many bare resources), hosts (dev with 10 to 1,000 hosts over ssh that\n" +
    "nobody reaches, the same), kills (gateways killed 20 times at random moments under load, and their memory at ten times\n" +
    "the usual load; BENCH_KILL_ROUNDS and BENCH_KILL_SEED change it).\n" +
    "Prints figures, judges nothing.\n" +
    "--json prints one object: the figures of the one bench named, or an entry for each.",
  run: async (args) => {
    const benches = choose(args.filter((arg) => !arg.startsWith("--")));
    const isJson = args.includes("--json");
    await ensureToolchain([...new Set(benches.flatMap(({ programs = localPrograms }) => programs()))]);
    const measured: Record<string, Figures> = {};
    if (!isJson) console.log(`machine\n${toTable(machine())}`);
    for (const { name, run } of benches) {
      const figures = await run((line) => console.error(`${name}: ${line}`));
      measured[name] = figures;
      if (!isJson) console.log(`\n${name}\n${toTable(figures)}`);
    }
    const [only] = benches;
    const entries =
      benches.length === 1 && only !== undefined ? { bench: only.name, ...measured[only.name] } : measured;
    if (isJson) console.log(JSON.stringify({ machine: machine(), ...entries }));
    return 0;
  },
};

function choose(names: readonly string[]) {
  const all = [...BENCHES, ...BY_NAME];
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const fix = `npm run bench -- ${known[0] ?? ""}`;
    throw new ConfigError([
      { path: "bench", expected: `names among ${known.join(", ")}`, got: unknown.join(", "), fix },
    ]);
  }
  return names.length === 0 ? BENCHES : all.filter(({ name }) => names.includes(name));
}
