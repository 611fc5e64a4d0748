import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSeries } from "../../../infra/cli/verify/read.ts";
import { closeReaders, readerFor } from "../../../infra/cli/verify/readers.ts";

describe("asking a Prometheus of somebody else's", () => {
  const heard: IncomingHttpHeaders[] = [];
  const operator = new Agent();
  let server: Server;
  let url = "";

  beforeAll(async () => {
    server = createServer(({ headers }, response) => {
      heard.push(headers);
      response.end(JSON.stringify({ data: { result: [{}] } }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await Promise.all([closeReaders(), operator.close()]);
    server.close();
  });

  const backend = (access?: object) => ({
    name: "external-prometheus",
    kind: "prometheus" as const,
    endpoint: url,
    ...(access === undefined ? {} : { access: { url, ...access } }),
  });

  it.each([
    ["a password", { user: "gpu", password: "word" }, `Basic ${Buffer.from("gpu:word").toString("base64")}`],
    ["a token", { password: "abc" }, "Bearer abc"],
  ])("shows %s and the tenant", async (_, credentials, authorization) => {
    const reader = readerFor(backend({ tenant: "gpus" }), operator, { "external-prometheus": credentials });
    expect(await findSeries(reader, "up")).toBeUndefined();
    expect(heard.at(-1)).toMatchObject({ authorization, "x-scope-orgid": "gpus" });
  });

  it("shows it nothing of the operator's, neither certificate nor another backend's password", async () => {
    const reader = readerFor(backend({}), operator, { greptimedb: { user: "a", password: "b" } });
    expect(reader.dispatcher).not.toBe(operator);
    expect(await findSeries(reader, "up")).toBeUndefined();
    expect(heard.at(-1)).not.toHaveProperty("authorization");
    expect(readerFor(backend(), operator, {}).dispatcher).toBe(operator);
  });
});
