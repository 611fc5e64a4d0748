// Grafana 13.2 as far as this project speaks to it, for where its archive cannot be had: `grafana server`. It keeps
// upstream's rules of paths (pkg/setting/setting.go): the home holds conf/defaults.ini, GF_PATHS_* are relative to it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";

interface DataSource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
}

const [subcommand, ...flags] = process.argv.slice(2);
if (subcommand !== "server") fail("the subcommand is server");
const named = flags.find((flag) => flag.startsWith("--homepath="))?.slice("--homepath=".length);
const home = [named, ".", ".."].find((folder) => folder !== undefined && existsSync(join(folder, "conf/defaults.ini")));
if (home === undefined) {
  fail(
    "Could not find config defaults, make sure homepath command line parameter is set or working directory is homepath",
  );
}

const env = (name: string) => expand(process.env[name] ?? "");
const inHome = (name: string, usual: string) => {
  const path = env(name) || usual;
  return isAbsolute(path) ? path : resolve(home, path);
};
const data = inHome("GF_PATHS_DATA", "data");
mkdirSync(inHome("GF_PATHS_PLUGINS", "data/plugins"), { recursive: true });
writeFileSync(join(data, "grafana.db"), "");

const dataSources = readDataSources(join(inHome("GF_PATHS_PROVISIONING", "conf/provisioning"), "datasources"));
const admin = `admin:${env("GF_SECURITY_ADMIN_PASSWORD") || "admin"}`;
const tls = { cert: readFileSync(env("GF_SERVER_CERT_FILE")), key: readFileSync(env("GF_SERVER_CERT_KEY")) };
createServer(tls, serve).listen(Number(env("GF_SERVER_HTTP_PORT")), env("GF_SERVER_HTTP_ADDR"));

function serve({ url = "", headers }: IncomingMessage, answer: ServerResponse): void {
  const end = (status: number, content: object) => void answer.writeHead(status).end(JSON.stringify(content));
  if (url === "/api/health") return end(200, { database: "ok" });
  if (url === "/metrics") return void answer.end("grafana_stand_in 1\n");
  const shown = Buffer.from((headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString();
  if (shown !== admin) return end(401, { message: "Invalid username or password" });
  if (url === "/api/datasources") return end(200, dataSources);
  end(404, { message: "Not found" });
}

function readDataSources(folder: string): readonly DataSource[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const { datasources = [] } = parse(readFileSync(join(folder, file), "utf8")) as { datasources?: DataSource[] };
    return datasources.map(({ uid, type, url }) => ({ uid, type, url: expand(url) }));
  });
}

/** `$__file{path}`, relative to the working folder. */
function expand(text: string): string {
  return text.replaceAll(/\$__file\{([^}]*)\}/g, (_, path: string) => readFileSync(path, "utf8").trim());
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
