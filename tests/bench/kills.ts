// Started by `npm run bench -- kills`: it sends through and reads back from a `local` environment of its own.
// Progress goes to standard error, the figures to standard output as one JSON object.
import type { Reader } from "../../infra/cli/verify/read.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { killGateways } from "../support/gateway-kills.ts";
import { type LoadOutcome, loadGateways, refusalsInLog } from "../support/gateway-load.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { addUp, countLogs, countSpans, type Outcome, type Sent, untilStored } from "../support/numbered-load.ts";

const ROUNDS = Number(process.env["BENCH_KILL_ROUNDS"] ?? 20);
const SEED = Number(process.env["BENCH_KILL_SEED"] ?? 1);
const SECONDS = Number(process.env["BENCH_KILL_LOAD_SECONDS"] ?? 60);
const LOOPBACK = "127.75.0";
/** Kills are measured here: a full queue, from which gateways drop (decision 6), is another fault. */
const ROOMY = ["gateways.queueMiB=4096"];
/** Both hosts together send 1,000 spans a second so: a batch of 500 each. */
const TENFOLD_REST_MS = 900;

const say = (line: string) => console.error(line);
const environment = new LocalEnvironment(LOOPBACK, ROOMY);
const local = readEnvironment(PROJECT_ROOT, "local");
const usual = local.hosts.length * local.load.spansPerSecond;

try {
  say("bringing a local environment up");
  await must("up");
  const dispatcher = environment.connect();
  const reader = (port: number): Reader => ({ endpoint: `https://${LOOPBACK}.1:${port}`, dispatcher });
  const memoryMiB = local.gateways.memoryMiB;
  say(`ten times the usual load for ${SECONDS} s`);
  const tenfold = await loadGateways(environment, {
    name: "tenfold",
    seconds: SECONDS,
    restMs: TENFOLD_REST_MS,
    memoryMiB,
  });
  say(`as much as the machine can for ${SECONDS} s`);
  const unpaced = await loadGateways(environment, { name: "unpaced", seconds: SECONDS, restMs: 0, memoryMiB });
  const refusals = refusalsInLog(environment);
  const loads = await killGateways({ environment, rounds: ROUNDS, seed: SEED, say });
  say("counting what is stored");
  const each = async (count: (sent: Sent, name: string) => Promise<Outcome>) => {
    const outcomes: Outcome[] = [];
    for (const [name, sent] of Object.entries(loads)) outcomes.push(await untilStored(() => count(sent, name)));
    return { ...addUp(outcomes) };
  };
  const figures = {
    rounds: ROUNDS,
    seed: SEED,
    tempo: await each((sent) => countSpans(reader(3200), "tempo", sent)),
    jaeger: await each((sent) => countSpans(reader(16686), "jaeger", sent)),
    loki: await each((sent, name) => countLogs(reader(3100), name, sent)),
    usualSpansPerSecond: usual,
    tenfold: withMultiple(tenfold),
    unpaced: withMultiple(unpaced),
    timesTheLimiterRefused: refusals,
  };
  await dispatcher.close();
  console.log(JSON.stringify(figures));
} finally {
  await environment.run("destroy");
  environment.removeFolder();
}

function withMultiple(outcome: LoadOutcome) {
  return { ...outcome, timesTheUsual: Math.round((outcome.spansPerSecond / usual) * 10) / 10 };
}

async function must(command: string): Promise<void> {
  const { code, output } = await environment.run(command);
  if (code !== 0) throw new Error(`${command} failed:\n${output.slice(-3000)}`);
}
