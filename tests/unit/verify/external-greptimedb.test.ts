import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRow } from "../../../infra/cli/verify/read.ts";
import { closeReaders, readerFor } from "../../../infra/cli/verify/readers.ts";

describe("asking a GreptimeDB of somebody else's", () => {
  const heard: { readonly url: URL; readonly headers: IncomingHttpHeaders }[] = [];
  const operator = new Agent();
  let server: Server;
  let address = "";

  beforeAll(async () => {
    server = createServer(({ headers, url = "" }, response) => {
      heard.push({ url: new URL(url, address), headers });
      response.end(JSON.stringify({ output: [{ records: { rows: [[1]] } }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await Promise.all([closeReaders(), operator.close()]);
    server.close();
  });

  it("names its database and shows its password, and no certificate of the operator's", async () => {
    const backend = {
      name: "external-greptimedb",
      kind: "greptimedb",
      endpoint: address,
      access: { url: address },
      database: "gpus & more",
    } as const;
    const reader = readerFor(backend, operator, { "external-greptimedb": { user: "gpu", password: "word" } });
    expect(reader.dispatcher).not.toBe(operator);
    expect(await findRow(reader, "SELECT count(*) FROM verify_canary")).toBeUndefined();
    const asked = heard.at(-1);
    expect(asked?.url.pathname).toBe("/v1/sql");
    expect(asked?.url.searchParams.get("db")).toBe("gpus & more");
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from("gpu:word").toString("base64")}`);
  });

  it("asks our own for the database every gateway writes to", async () => {
    const own = { name: "greptimedb", kind: "greptimedb", endpoint: address } as const;
    expect(await findRow(readerFor(own, operator, {}), "SELECT 1")).toBeUndefined();
    expect(heard.at(-1)?.url.searchParams.get("db")).toBe("public");
  });
});
