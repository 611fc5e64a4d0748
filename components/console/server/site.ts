import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConsoleConfig } from "../settings.ts";
import type { Ask } from "./ask.ts";
import { readAsset } from "./assets.ts";
import { hostnameOf } from "./guard.ts";
import { readFiring, readPage, spanOf } from "./page-data.ts";
import { ALERTS, pagesOf, renderShell } from "./shell.ts";

/** The browser loads from here alone; uPlot sets sizes through the object model, which is no inline style. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Time a page shows until a person chooses another, and the longest, in seconds. */
const FIRST = 900;
const LONGEST = 48 * 3600;

/** Serves the pages, what they are made of, and their data. */
export function siteOf(config: ConsoleConfig, ask: Ask) {
  return async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(asked.url ?? "/", "http://localhost");
    answer.setHeader("content-security-policy", CONTENT_SECURITY_POLICY);
    const send = (type: string, text: string, status = 200) => {
      answer.writeHead(status, { "content-type": `${type}; charset=utf-8` });
      answer.end(text);
    };
    const pages = pagesOf(config);
    if (pathname === "/") return void answer.writeHead(302, { location: pages[0]?.path ?? ALERTS.path }).end();
    const shown = pages.find(({ path }) => path === pathname);
    if (shown !== undefined) return send("text/html", renderShell(config, shown, hostnameOf(asked.headers.host)));
    const [, folder, name = ""] = pathname.split("/");
    if (folder === "assets") {
      const asset = readAsset(name);
      if (asset !== undefined) return send(asset.type, asset.text);
    }
    if (folder === "data") {
      const data = await readData(config, name, searchParams, ask);
      if (data !== undefined) return send("application/json", JSON.stringify(data));
    }
    send("text/plain", "not found\n", 404);
  };
}

/** Data of a page by its path, the alerts included. */
async function readData(config: ConsoleConfig, name: string, wanted: URLSearchParams, ask: Ask) {
  if (name === "alerts") return readFiring(ask);
  const page = config.pages.find(({ uid }) => uid === name);
  if (page === undefined) return undefined;
  const range = Number(wanted.get("range") ?? FIRST);
  const seconds = range > 0 && range <= LONGEST ? range : FIRST;
  return readPage(page, config.environment, wanted, spanOf(Date.now() / 1000, seconds, config.scrapeSeconds), ask);
}
