import { createServer } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { capLog, logFileOf } from "./log-file.ts";

/** A program of its own: keeps the logs of every workload below their cap. */
const { values } = parseArgs({
  options: {
    folder: { type: "string" },
    "cap-mib": { type: "string" },
    "every-seconds": { type: "string", default: "5" },
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string" },
  },
});
const { folder, host } = values;
const capMiB = Number(values["cap-mib"]);
const everyMs = Number(values["every-seconds"]) * 1000;
const port = Number(values.port);
if (folder === undefined || !(capMiB > 0) || !(everyMs > 0) || !(port > 0)) {
  console.error("usage: log-keeper --folder FOLDER --cap-mib MIB --port PORT [--host HOST] [--every-seconds SECONDS]");
  process.exit(2);
}

const server = createServer((request, response) => {
  response.writeHead(request.url === "/healthz" ? 200 : 404, { "content-type": "text/plain" });
  response.end(request.url === "/healthz" ? "ok\n" : "not found\n");
});
server.listen(port, host);
process.once("SIGTERM", () => process.exit(0));
await keep(folder);

async function keep(root: string): Promise<never> {
  for (;;) {
    for (const name of list(root)) await keepOne(logFileOf(join(root, name)));
    await sleep(everyMs);
  }
}

async function keepOne(log: string): Promise<void> {
  try {
    if (await capLog(log, capMiB)) console.log(`${new Date().toISOString()} capped ${log}`);
  } catch (error) {
    // A workload may be removed at any moment; a full disk must not end the one program that can help.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") console.error(String(error));
  }
}

function list(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch {
    return [];
  }
}
