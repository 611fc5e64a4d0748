import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dcgmExporterWorkload } from "../../../components/gpu-host/workloads.ts";
import { PROCESS_PATHS } from "../../../components/runtime/workload.ts";
import { parseExposition } from "./exposition.ts";

const MAIN = join(dirname(fileURLToPath(import.meta.url)), "../../../components/gpu-host/simulator/main.ts");

describe("the simulator as a program", () => {
  const folder = mkdtempSync(join(tmpdir(), "dcgm-simulator-"));
  let program: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const { args, files, env } = dcgmExporterWorkload({
      placement: {
        ...{ name: "gpu-9-dcgm-exporter", bind: "127.0.0.1", dial: "127.0.0.1", ports: { http: port } },
        ...{ paths: PROCESS_PATHS, certificateNames: [], memoryMiB: 256 },
      },
      simulated: { hostName: "gpu-9", gpus: 8, scenario: "healthy" },
    });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    program = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: "ignore",
    });
    await waitFor(async () => (await fetch(`${url}/health`)).ok);
  });

  afterAll(() => {
    program.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("serves an exposition that parses, of eight GPUs", async () => {
    const families = parseExposition(await (await fetch(`${url}/metrics`)).text());
    expect(families.get("DCGM_FI_DEV_GPU_TEMP")?.series).toHaveLength(9);
  });

  it("makes an event happen at once and writes it to its kern.log", async () => {
    const event = { gpu: 2, event: "xid", code: 79, trace_id: "0af7651916cd43dd8448eb211c80319c" };
    expect((await post(event)).status).toBe(202);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /DCGM_FI_DEV_XID_ERRORS\{gpu="2".*err_code="79".*\} 79/,
    );
    expect(readFileSync(join(folder, "data/log/kern.log"), "utf8")).toMatch(
      /gpu-9 kernel: .*79, .*trace_id=0af7651916cd/,
    );
  });

  it("rejects events it does not know, and bodies a browser could send unasked", async () => {
    expect((await post({ gpu: 2, event: "melt" })).status).toBe(400);
    expect((await post({ gpu: 20, event: "recover" })).status).toBe(400);
    expect((await fetch(`${url}/events`, { method: "POST", body: "{}" })).status).toBe(415);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });

  it("hangs, repeats old values or fails when told to, while its health stays OK, and then serves again", async () => {
    const metrics = () => fetch(`${url}/metrics`, { signal: AbortSignal.timeout(500) });
    await post({ event: "exporter", mode: "hang" });
    await expect(metrics()).rejects.toThrow(/timeout/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await post({ event: "exporter", mode: "stale" });
    const before = await (await metrics()).text();
    await post({ event: "xid", gpu: 1, code: 31 });
    expect(await (await metrics()).text()).toBe(before);
    await post({ event: "exporter", mode: "error", forSeconds: 1 });
    expect((await metrics()).status).toBe(500);
    await waitFor(async () => (await metrics()).ok);
    expect(await (await metrics()).text()).toMatch(/DCGM_FI_DEV_XID_ERRORS\{gpu="1".*\} 31/);
  });

  it("stops on SIGTERM within a second, with a connection open", async () => {
    const stopped = once(program, "exit");
    program.kill("SIGTERM");
    const [code] = (await Promise.race([stopped, sleep(1000, ["late"])])) as [unknown];
    expect(code).toBe(0);
  });

  const post = (event: object) =>
    fetch(`${url}/events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(event),
    });
});

describe("the simulator's command line", () => {
  it.each([
    [["--scenario", "none.yaml"], "usage: dcgm-simulator"],
    [["--scenario", "none.yaml", "--counters", "none.csv"], "no such file"],
    [["--bogus"], "Unknown option '--bogus'"],
  ])("rejects %j with exit code 2 and a reason", async (args, reason) => {
    const program = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    program.stderr.on("data", (chunk) => (text += String(chunk)));
    const [code] = (await once(program, "close")) as [number];
    expect(code).toBe(2);
    expect(text).toContain(reason);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function waitFor(ready: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await ready().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error("the simulator did not answer");
}
