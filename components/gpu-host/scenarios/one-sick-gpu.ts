import type { ScenarioInput } from "../simulator/scenario.ts";
import { jobsOf, migOnLast } from "./healthy.ts";

type Event = NonNullable<ScenarioInput["events"]>[number];

/** Ten minutes after which the sick GPU falls ill again. */
const LOOP_SECONDS = 600;

/**
 * One GPU of the host goes through what GPUs die of: it runs hot, its memory fails, at last it leaves the bus
 * for a minute and comes back. The first signs show within seconds, so a fresh environment has something to see.
 */
export function oneSickGpuScenario(gpus: number): ScenarioInput {
  const gpu = Math.min(3, gpus - 1);
  const training = { pid: 48_211, process: "python3" };
  const events: Event[] = [
    { atSeconds: 5, gpu, event: "throttle", reason: "hw_thermal", forSeconds: 240 },
    ...every(15, 400, (atSeconds): Event => ({ atSeconds, gpu, event: "ecc", corrected: 7 })),
    { atSeconds: 12, gpu, event: "ecc", uncorrected: 1, ...training },
    { atSeconds: 13, gpu, event: "row-remap" },
    { atSeconds: 14, gpu, event: "xid", code: 94, ...training },
    { atSeconds: 60, gpu, event: "xid", code: 13, ...training },
    { atSeconds: 180, gpu, event: "ecc", uncorrected: 1, ...training },
    { atSeconds: 260, gpu, event: "throttle", reason: "power_cap", forSeconds: 120 },
    { atSeconds: 300, gpu, event: "xid", code: 74 },
    { atSeconds: 300, gpu, event: "nvlink", errors: 3, forSeconds: 30 },
    { atSeconds: 330, gpu, event: "pcie-replay", count: 2, forSeconds: 60 },
    { atSeconds: 420, gpu, event: "fallen-off", wording: "both", ...training },
    { atSeconds: 480, gpu, event: "recover" },
  ];
  return { gpus, mig: migOnLast(gpus), jobs: jobsOf(gpus), loopSeconds: LOOP_SECONDS, events };
}

function every(seconds: number, until: number, event: (atSeconds: number) => Event): readonly Event[] {
  return Array.from({ length: Math.floor(until / seconds) }, (_, index) => event((index + 1) * seconds));
}
