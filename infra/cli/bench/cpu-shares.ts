import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { round } from "./bench.ts";
import { type Port, toText } from "./bench-collector.ts";

/** Parts of a gateway, and the functions by which a stack is known to be one's. The nearest to the leaf decides. */
const PARTS: readonly (readonly [name: string, functions: RegExp])[] = [
  ["redaction", /redactionprocessor/],
  ["transform", /transformprocessor/],
  ["spanMetrics", /spanmetricsconnector/],
  ["serviceGraph", /servicegraphconnector/],
  ["sampling", /tailsamplingprocessor|batchprocessor/],
  ["routing", /routingconnector/],
  ["copies", /fanoutconsumer/],
  ["queue", /persistentQueue|bbolt\.|filestorage|queuebatch/],
  ["send", /otlpexporter|otlphttpexporter|clientStream|http2Client|newHTTP2Client/],
  ["decode", /grpc\.\(\*Server\)|grpc\.recv|http2Server|NewServerTransport|otlpreceiver/],
  ["garbage", /^runtime\.(gcBgMarkWorker|bgsweep|bgscavenge)/],
];
export const OTHER = "other";

/** Share of each part in the CPU of gateways, in percent; undefined where there is no `go` to read profiles with. */
export type Shares = Readonly<Record<string, number>>;

/** Has gateways profile their CPU for some seconds; gives the files. */
export async function profileCpu(ports: readonly Port[], seconds: number, folder: string): Promise<readonly string[]> {
  return Promise.all(
    ports.map(async (port) => {
      const answer = await fetch(`http://${toText(port)}/debug/pprof/profile?seconds=${seconds}`);
      if (!answer.ok) throw new Error(`${toText(port)} gave no profile: ${answer.status}`);
      const file = join(folder, `profile-${port.host}.pb.gz`);
      writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
      return file;
    }),
  );
}

/** Reads profiles with `go tool pprof`; several are added up. */
export async function sharesOf(files: readonly string[]): Promise<Shares | undefined> {
  const child = spawn("go", ["tool", "pprof", "-traces", "-unit=us", ...files], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number>((resolve) => {
    child.on("error", () => resolve(1)).on("close", (status) => resolve(status ?? 1));
  });
  return code === 0 ? toShares(text) : undefined;
}

/** Adds up the stacks that `go tool pprof -traces -unit=us` prints, by part. */
export function toShares(traces: string): Shares {
  const spent = new Map<string, number>([...PARTS.map(([name]) => name), OTHER].map((name) => [name, 0]));
  for (const block of traces.split(/^-+\+-+$/m).slice(1)) {
    const [, value, first, rest] = /^\s*([\d.]+)us\s+(.*)((?:\n.*)*)/.exec(block) ?? [];
    if (value === undefined) continue;
    const part = partOf([first ?? "", ...(rest ?? "").split("\n")].map((line) => line.trim()));
    spent.set(part, (spent.get(part) ?? 0) + Number(value));
  }
  const total = [...spent.values()].reduce((sum, part) => sum + part, 0);
  return Object.fromEntries([...spent].map(([name, part]) => [name, round((part / total) * 100, 1)]));
}

/** Part of a stack, the leaf first. */
function partOf(stack: readonly string[]): string {
  for (const frame of stack) {
    const part = PARTS.find(([, functions]) => functions.test(frame));
    if (part !== undefined) return part[0];
  }
  return OTHER;
}
