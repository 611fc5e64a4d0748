// GreptimeDB 1.2 as far as this project speaks to it, for where its archive cannot be had: `standalone start`. It keeps
// upstream's rules of HTTP (src/servers/src/http.rs): plain HTTP alone, /health for everybody, the rest by password.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";

const { values, positionals } = parseArgs({ allowPositionals: true, strict: false });
if (positionals.join(" ") !== "standalone start") fail("the subcommand is standalone start");
const config = readFileSync(String(values["config-file"]), "utf8");
if (!/^\[storage\]$/m.test(config)) fail("the configuration has no [storage]");

const users = readUsers(String(values["user-provider"] ?? ""));
const MOST_BODIES = 5000;
/** Bodies of OTLP as they came: names and ids stand in them as they are. */
const taken: Record<string, Buffer[]> = { metrics: [], traces: [], logs: [] };

const [host = "", port = ""] = String(values["http-addr"]).split(":");
createServer((request, answer) => void serve(request, answer)).listen(Number(port), host);

async function serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const body = await read(request);
  const { pathname, searchParams } = new URL(request.url ?? "", "http://greptimedb");
  const end = (status: number, content: object = {}) => answer.writeHead(status).end(JSON.stringify(content));
  if (pathname === "/health") return void end(200);
  if (pathname === "/metrics") return void answer.end("greptime_stand_in 1\n");
  if (!isKnown(request)) return void end(401, { code: 7003, error: "UserPasswordMismatch" });
  const signal = /^\/v1\/otlp\/v1\/(metrics|traces|logs)$/.exec(pathname)?.[1];
  if (signal !== undefined) return void end(take(signal, request, body));
  if (pathname === "/v1/sql") return void end(200, toRecords(count(searchParams.get("sql") ?? "")));
  end(404);
}

/** Upstream names the database by a header, and keeps traces only through a pipeline that the header names. */
function take(signal: string, { headers }: IncomingMessage, body: Buffer): number {
  if (headers["x-greptime-db-name"] === undefined) return 400;
  if (signal === "traces" && headers["x-greptime-pipeline-name"] !== "greptime_trace_v1") return 400;
  const bodies = taken[signal] ?? [];
  bodies.push(headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
  if (bodies.length > MOST_BODIES) bodies.shift();
  return 200;
}

/** `SELECT count(*) FROM <table> WHERE <column> = '<value>'`, no other SQL. */
function count(sql: string): number {
  const match = /^SELECT count\(\*\) FROM (\w+) WHERE (\w+) = '([^']*)'$/.exec(sql);
  if (match === null) return 0;
  const [, table = "", column = "", value = ""] = match;
  const bodies =
    taken[table === "opentelemetry_traces" ? "traces" : table === "opentelemetry_logs" ? "logs" : "metrics"];
  const wanted = column === "trace_id" ? Buffer.from(value, "hex") : Buffer.from(value);
  return bodies?.filter((body) => body.includes(wanted)).length ?? 0;
}

function toRecords(rows: number): object {
  return { output: [{ records: { schema: { column_schemas: [] }, rows: [[rows]], total_rows: 1 } }] };
}

/** `static_user_provider:file:<path>`, a line `user=password` each. */
function readUsers(provider: string): readonly string[] {
  if (provider === "") return [];
  const file = /^static_user_provider:file:(.+)$/.exec(provider)?.[1] ?? fail(`no such user provider: ${provider}`);
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => line.replace("=", ":"));
}

function isKnown({ headers }: IncomingMessage): boolean {
  const shown = Buffer.from((headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString();
  return users.length === 0 || users.includes(shown);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function fail(message: string): never {
  console.error(`Error: ${message}`);
  process.exit(1);
}
