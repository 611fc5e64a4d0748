import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lokiWorkload } from "../../components/loki/workload.ts";
import { listeningOf } from "../support/listening.ts";
import { placeSet } from "../unit/backends/replicated-fixture.ts";
import { type Replica, ReplicaSet, tlsFilePathOf, unshareArgs } from "./replicated-set.ts";
import { NETWORKS } from "../support/networks.ts";

const ADDRESSES = [1, 2, 3].map((index) => `${NETWORKS.replicatedLoki}.${index}`);
const RING = "/ring";
const BATCH = 100;

const workload = lokiWorkload({
  placement: placeSet("loki", { http: 3100, grpc: 3101, gossip: 7946 }, 3),
  retention: "14d",
  storage: { kind: "disk" },
});

const canRun = unshareArgs() !== undefined;
if (!canRun) console.log("skipped: three Lokis need names of their own, and this machine gives no mount namespace");

describe.runIf(canRun)("three Lokis behind one name", () => {
  let set: ReplicaSet;
  let first: Replica;
  let second: Replica;
  let third: Replica;
  const acknowledged: number[] = [];
  const began = Date.now();

  /** Sends a batch of numbered lines until one of the copies takes it. */
  async function push(number: number, targets: readonly Replica[]): Promise<void> {
    const values = Array.from({ length: BATCH }, (_, index) => {
      const item = number * BATCH + index;
      return [`${Date.now()}${String(item).padStart(6, "0")}`, `item-${item}`];
    });
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const target = targets[attempt % targets.length] as Replica;
      const { status } = await set.ask(target, "http", "/loki/api/v1/push", {
        streams: [{ stream: { service_name: "numbered", batch: String(number) }, values }],
      });
      if (status === 204) {
        acknowledged.push(...values.map((_, index) => number * BATCH + index));
        return;
      }
      await sleep(500);
    }
    throw new Error(`nobody took batch ${number}:\n${targets.map(({ log }) => log.slice(-1500)).join("\n")}`);
  }

  async function itemsOf(replica: Replica): Promise<Set<number>> {
    const query = encodeURIComponent('{service_name="numbered"}');
    const path = `/loki/api/v1/query_range?limit=5000&start=${began - 60_000}000000&query=${query}`;
    const { status, text } = await set.ask(replica, "http", path);
    if (status !== 200)
      throw new Error(`${replica.name}: ${status} ${text.slice(0, 500)}\n${replica.log.slice(-2000)}`);
    return new Set([...text.matchAll(/item-(\d+)/g)].map(([, item]) => Number(item)));
  }
  const missing = (found: ReadonlySet<number>) => acknowledged.filter((item) => !found.has(item));

  beforeAll(async () => {
    set = await ReplicaSet.start(workload, { addresses: ADDRESSES, blocks: "data/loki/chunks" });
    [first, second, third] = set.replicas as [Replica, Replica, Replica];
    await Promise.all(set.replicas.map((replica) => set.joined(replica, RING, 3)));
  }, 150_000);
  afterAll(() => set.stop());

  it("listen where the plan says and nowhere else", () => {
    for (const { address, child } of set.replicas) {
      const planned = Object.values(workload.ports).map(({ port }) => `${address}:${port}`);
      expect([...listeningOf(child.pid ?? 0)].sort()).toEqual(planned.sort());
    }
  });

  it("gossip over TLS, each by its own authority's certificate", async () => {
    const options = {
      host: first.address,
      port: 7946,
      ca: readFileSync(tlsFilePathOf(first, "ca")),
      servername: "loki",
    };
    const protocol = await new Promise<string | null>((resolve, reject) => {
      const socket = connect(options, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.once("error", reject);
    });
    expect(protocol).toBe("TLSv1.3");
  });

  it("give back from one what another took", async () => {
    for (let batch = 0; batch < 5; batch += 1) await push(batch, [first]);
    for (const replica of [second, third]) expect(missing(await itemsOf(replica))).toEqual([]);
    // A query asks the compactor what was deleted, over TLS as everybody else.
    for (const { log } of set.replicas) expect(log).not.toContain("failed loading deletes");
  });

  it("make one of them the compactor", async () => {
    const running = await Promise.all(
      set.replicas.map(async (replica) => {
        const { text } = await set.ask(replica, "http", "/metrics");
        return Number(/^loki_boltdb_shipper_compactor_running (\d)/m.exec(text)?.[1]);
      }),
    );
    expect(running.sort()).toEqual([0, 0, 1]);
  });

  it("lose no acknowledged line when one is killed, and take more without it", async () => {
    const send = async (from: number, to: number) => {
      for (let batch = from; batch < to; batch += 1) await push(batch, [first, second]);
    };
    await send(5, 15);
    const sending = send(15, 30);
    await set.kill(first);
    await sending;
    await send(30, 40);
    expect(acknowledged).toHaveLength(40 * BATCH);
    for (const replica of [second, third]) expect(missing(await itemsOf(replica))).toEqual([]);
  }, 120_000);

  it("take the killed one back by its name, with what it had", async () => {
    set.restart(first);
    await set.joined(first, RING, 3);
    expect(acknowledged).toHaveLength(40 * BATCH);
    expect(missing(await itemsOf(first))).toEqual([]);
  }, 150_000);
});
