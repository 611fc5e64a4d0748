// Run inside the network of a Docker engine of a test's own: boots a GPU host there, relays what it sends to the
// gateways' published addresses, says how to reach it (one line of JSON), and ends with its standard input.
//
// `node tests/engine/gpu-host-main.ts <index of the host> <port>=<address:port>...`
import { connect, createServer, type Server } from "node:net";
import { RealHost } from "../hosts/real-host.ts";
import { bootGpuHost } from "./gpu-host.ts";

const [index = "", ...relays] = process.argv.slice(2);
const host = new RealHost(Number(index));
const servers: Server[] = [];
let isEnding = false;

// Told to end while it boots, it still takes the host down.
process.stdin.on("end", () => void end()).resume();
try {
  const ready = await bootGpuHost(host);
  for (const relay of relays) servers.push(await listen(ready.here, relay));
  process.stdout.write(`${JSON.stringify(ready)}\n`);
} catch (error) {
  console.error(error);
  await end(1);
}

/** What an operator's load balancer or port forwarding does: containers are published on loopback alone. */
async function listen(here: string, relay: string): Promise<Server> {
  const [port = "", target = ""] = relay.split("=");
  const [address = "", targetPort = ""] = target.split(":");
  const server = createServer((client) => {
    const there = connect(Number(targetPort), address);
    client.on("error", () => there.destroy()).pipe(there);
    there.on("error", () => client.destroy()).pipe(client);
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(Number(port), here, () => resolve()),
  );
  return server;
}

async function end(code = 0): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  for (const server of servers) server.close();
  await host.end();
  process.exit(code);
}
