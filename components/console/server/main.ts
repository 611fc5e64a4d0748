import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import type { ConsoleBackend, ConsoleConfig } from "../settings.ts";
import { askerOf, connectionOf } from "./ask.ts";
import { forward, isQueryOf } from "./front.ts";
import { type Guard, refuse } from "./guard.ts";
import { siteOf } from "./site.ts";

/** A program of its own: a page about the environment, and a front for the backends' own UIs. */
const { values } = parseArgs({ options: { config: { type: "string" } } });
if (values.config === undefined) {
  console.error("usage: console --config FILE");
  process.exit(2);
}

const config = JSON.parse(readFileSync(values.config, "utf8")) as ConsoleConfig;
const password = readFileSync(config.passwordFile, "utf8");
const connection = connectionOf(config);
const site = siteOf(config, askerOf(config, connection));

/** Sent with every answer: nothing is kept, framed, or read by another origin. */
const HEADERS = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

type Answer = (asked: IncomingMessage, answer: ServerResponse) => Promise<void>;

listen(config.ports.http, () => false, site);
for (const [backend, urls] of Object.entries(config.backends) as [ConsoleBackend, readonly string[]][]) {
  listen(config.ports[backend], isQueryOf(backend), (asked, answer) =>
    forward(backend, urls, connection, asked, answer),
  );
}
process.once("SIGTERM", () => process.exit(0));

function listen(port: number | undefined, isQuery: Guard["isQuery"], serve: Answer): void {
  const guard: Guard = { environment: config.environment, user: config.user, password, isQuery };
  createServer((asked, answer) => {
    for (const [name, value] of Object.entries(HEADERS)) answer.setHeader(name, value);
    // Asked by what runs it, which knows no password; it says nothing but that the program runs.
    if (asked.url === "/healthz") return void answer.end("ok\n");
    const { host, origin, authorization } = asked.headers;
    const path = (asked.url ?? "/").split("?")[0] ?? "/";
    const refusal = refuse({ method: asked.method ?? "", host, origin, authorization }, path, guard);
    if (refusal !== undefined) {
      answer.writeHead(refusal.status, { "content-type": "text/plain; charset=utf-8", ...refusal.headers });
      return void answer.end(`${refusal.text}\n`);
    }
    serve(asked, answer).catch((error: unknown) => {
      console.error(`${new Date().toISOString()} ${path}:`, error);
      if (!answer.headersSent) answer.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
      answer.end("the console failed; its log says why\n");
    });
  }).listen(port, config.host);
}
