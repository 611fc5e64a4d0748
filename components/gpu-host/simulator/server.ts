import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ConfigError } from "../../core/errors.ts";
import type { CounterRow } from "./counters-file.ts";
import { toExposition } from "./exposition.ts";
import { parseEvent } from "./scenario.ts";
import type { Simulation } from "./simulation.ts";

const LARGEST_BODY = 16_384;

/** What the exporter serves (`/metrics`, `/health`), and `POST /events` to make something happen now. */
export function createSimulatorServer(
  simulation: Simulation,
  rows: readonly CounterRow[],
  clock: () => number,
): Server {
  let last: string | undefined;
  const answerMetrics = (response: ServerResponse) => {
    switch (simulation.exporterMode) {
      case "hang":
        // The connection stays open until the client gives up.
        return;
      case "error":
        return answer(response, 500, "internal server error\n");
      case "stale":
        last ??= toExposition(simulation, rows);
        return answer(response, 200, last);
      case "normal":
        last = undefined;
        return answer(response, 200, toExposition(simulation, rows));
    }
  };
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const route = `${request.method === "HEAD" ? "GET" : request.method} ${pathname}`;
    simulation.advance(clock());
    switch (route) {
      case "GET /metrics":
        return answerMetrics(response);
      case "GET /health":
        return answer(response, 200, "OK");
      case "GET /":
        return answer(response, 200, "DCGM simulator: /metrics, /health, POST /events\n");
      case "POST /events":
        return void receiveEvent(request, response, simulation);
      default:
        return answer(response, 404, "not found\n");
    }
  });
}

async function receiveEvent(request: IncomingMessage, response: ServerResponse, simulation: Simulation): Promise<void> {
  // A page in a browser on the host cannot send this type to another origin unasked.
  if (request.headers["content-type"]?.split(";")[0] !== "application/json") {
    return answer(response, 415, "send application/json\n");
  }
  try {
    const event = parseEvent(JSON.parse(await readBody(request)), simulation.fleet.length);
    simulation.inject(event);
    answer(response, 202, `${JSON.stringify(event)}\n`);
  } catch (error) {
    const known = error instanceof ConfigError || error instanceof SyntaxError || error instanceof RangeError;
    answer(response, known ? 400 : 500, `${String(error)}\n`);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > LARGEST_BODY) throw new RangeError(`larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" });
  response.end(body);
}
