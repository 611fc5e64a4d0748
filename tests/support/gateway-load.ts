import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { softLimitMiB } from "../../components/collector/memory.ts";
import { peakResidentOf } from "../../infra/cli/resident.ts";
import type { LocalEnvironment } from "./local-environment.ts";
import { sendLoad } from "./numbered-load.ts";

const GATEWAYS = ["gateway-a", "gateway-b"] as const;
const MIB = 1024 ** 2;

/** What a load did to the gateways. */
export interface LoadOutcome {
  readonly spansPerSecond: number;
  readonly logsPerSecond: number;
  /** Items that a memory limiter or a receiver turned away. */
  readonly refused: number;
  /** Most that lived or waited to be collected in either gateway, and what its limiter refuses from. */
  readonly peakHeapMiB: number;
  readonly softLimitMiB: number;
  /** Most resident memory of either gateway so far, and what the kernel would end it at. */
  readonly peakResidentMiB: number;
  readonly hardLimitMiB: number;
}

/** Sends through both hosts for some seconds and looks at the gateways each second; `restMs` 0 is as fast as they take it. */
export async function loadGateways(
  environment: LocalEnvironment,
  { name, seconds, restMs, memoryMiB }: { name: string; seconds: number; restMs: number; memoryMiB: number },
): Promise<LoadOutcome> {
  const before = await refusedBy(environment);
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const isEnough = () => performance.now() > deadline;
  const sending = Promise.all(
    [1, 2].map((host) =>
      sendLoad({
        endpoint: `http://${environment.loopback}.${host}:4318`,
        ...{ name: `${name}-${host}`, batches: Infinity, restMs, isEnough },
      }),
    ),
  );
  let peakHeap = 0;
  while (!isEnough()) {
    peakHeap = Math.max(peakHeap, await heapOf(environment));
    await sleep(1000);
  }
  const sent = await sending;
  const elapsed = (performance.now() - started) / 1000;
  const perSecond = (count: number) => Math.round(count / elapsed);
  return {
    spansPerSecond: perSecond(sent.reduce((sum, { spans }) => sum + spans, 0)),
    logsPerSecond: perSecond(sent.reduce((sum, { logs }) => sum + logs, 0)),
    refused: (await refusedBy(environment)) - before,
    peakHeapMiB: Math.round(peakHeap / MIB),
    softLimitMiB: softLimitMiB(memoryMiB),
    peakResidentMiB: Math.round(Math.max(...GATEWAYS.map((gateway) => peakResidentOf(environment.pidOf(gateway))))),
    hardLimitMiB: memoryMiB,
  };
}

/** Bytes of the larger of both heaps. */
async function heapOf(environment: LocalEnvironment): Promise<number> {
  return Math.max(...(await valuesOf(environment, /^otelcol_process_runtime_heap_alloc_bytes/)));
}

async function refusedBy(environment: LocalEnvironment): Promise<number> {
  const values = await valuesOf(environment, /^otelcol_(processor|receiver)_refused_/);
  return values.reduce((sum, value) => sum + value, 0);
}

/** Values of the gateways' own metrics with a name. */
async function valuesOf(environment: LocalEnvironment, name: RegExp): Promise<readonly number[]> {
  const texts = await Promise.all([0, 1].map((index) => textOf(`http://${environment.address(index)}:8889/metrics`)));
  return texts
    .flatMap((text) => text.split("\n"))
    .filter((line) => name.test(line))
    .map((line) => Number(line.slice(line.lastIndexOf(" "))));
}

/** Asks again once where a kept connection was closed meanwhile; a gateway that is gone does not answer then either. */
async function textOf(url: string): Promise<string> {
  const ask = async () => (await fetch(url)).text();
  return ask().catch(async () => {
    await sleep(500);
    return ask();
  });
}

/** Times the limiter of a gateway said in its log that it refuses. */
export function refusalsInLog(environment: LocalEnvironment): number {
  const logs = GATEWAYS.map((gateway) => readFileSync(`${environment.workloadFolder(gateway)}/stdout.log`, "utf8"));
  return logs.reduce((sum, log) => sum + log.split("Refusing data").length - 1, 0);
}
