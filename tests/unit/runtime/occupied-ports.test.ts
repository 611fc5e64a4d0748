import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findOccupiedPorts, probePorts, toPortProblems } from "../../../components/runtime/process/occupied-ports.ts";
import { ensureProcess } from "../../../components/runtime/process/start.ts";
import type { Listener } from "../../../components/runtime/workload.ts";
import { cleanUp, describeProcess, makeStateFolder, takePort } from "./process-fixture.ts";

const closers: (() => void)[] = [];
let stateFolder: string;
beforeEach(() => {
  stateFolder = makeStateFolder();
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await cleanUp(stateFolder);
});

function hold(host: string, port: number): Promise<void> {
  const server = createServer();
  closers.push(() => server.close());
  return new Promise((resolve) => server.listen(port, host, resolve));
}

const wants = (port: number, changes: Partial<Listener> = {}) => ({
  name: "tempo",
  ports: { http: { host: "127.0.0.1", port, protocol: "tcp", access: "mtls", ...changes } as Listener },
});

describe("ports", () => {
  it("are free when nothing holds them", async () => {
    expect(await probePorts([wants(takePort())])).toEqual([]);
  });

  it.each(["127.0.0.1", "0.0.0.0", "::"])("rejects one that a process holds on %s, and names it", async (host) => {
    const port = takePort();
    await hold(host, port);
    const [problem] = toPortProblems(await probePorts([wants(port)]));
    expect(problem?.path).toBe(`tempo: port http, tcp 127.0.0.1:${port}`);
    expect(problem?.got).toMatch(new RegExp(`^held by .+ \\(pid ${process.pid}\\)$`));
    expect(problem?.fix).toContain(`kill ${process.pid}`);
  });

  it("are told apart by address: two machines on one loopback interface", async () => {
    const port = takePort();
    await hold("127.0.0.2", port);
    expect(await probePorts([wants(port)])).toEqual([]);
  });

  it("rejects a UDP port that is held", async () => {
    const port = takePort();
    const socket = createSocket("udp4");
    closers.push(() => socket.close());
    await new Promise<void>((resolve) => socket.bind(port, "127.0.0.1", resolve));
    const occupied = await probePorts([wants(port, { protocol: "tcp+udp" })]);
    expect(occupied.map(({ protocol, holder }) => [protocol, holder?.pid])).toEqual([["udp", process.pid]]);
  });

  it("rejects an address this machine does not have", async () => {
    const [problem] = toPortProblems(await probePorts([wants(takePort(), { host: "198.51.100.7" })]));
    expect(problem?.got).toBe("this machine does not have the address");
  });

  it("count as free when a process of this environment holds them", async () => {
    const spec = describeProcess(stateFolder);
    const { pid } = await ensureProcess(spec);
    const workloads = [wants(spec.health.port)];
    expect(await findOccupiedPorts(workloads, stateFolder)).toEqual([]);
    expect((await probePorts(workloads)).map(({ holder }) => holder?.pid)).toEqual([pid]);
  });

  it("know a process of another environment by the folder it runs out of", async () => {
    const spec = describeProcess(stateFolder);
    const { pid } = await ensureProcess(spec);
    const occupied = await findOccupiedPorts([wants(spec.health.port)], join(stateFolder, "..", "nowhere"));
    expect(occupied.map(({ holder }) => holder)).toEqual([{ pid, name: "node", stateFolder }]);
    expect(toPortProblems(occupied)[0]?.fix).not.toContain("kill");
  });

  it("rejects starting a process whose port is taken", async () => {
    const spec = describeProcess(stateFolder);
    await hold("127.0.0.1", spec.health.port);
    await expect(ensureProcess(spec)).rejects.toThrow(/sample: port http[\s\S]*held by .* \(pid \d+\)/);
  });
});
