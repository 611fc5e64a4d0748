import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderGateway } from "../../components/collector/render-gateway.ts";
import { gatewayWorkload } from "../../components/collector/workload.ts";
import { toYaml } from "../../components/core/yaml.ts";
import { NETWORKS } from "../support/networks.ts";
import { program } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";
import { gatewaySettings } from "../unit/collector/fixture.ts";

const HOST = `${NETWORKS.redaction}.1`;
const PORT = 14318;
const MASK = "****";

/** Keys whose values must not be stored. */
const SECRET = [
  "password",
  "db.password",
  "user_passwd",
  "client_secret",
  "api_key",
  "x-api-key",
  "apikey",
  "authorization",
  "http.request.header.authorization",
  "proxy-authorization",
  "authorization_header",
  "authorizationToken",
  "cookie",
  "cookies",
  "http.response.header.set-cookie",
  "cookie_value",
];
/** Keys that only look like it. */
const PLAIN = [
  "author",
  "author.authorizations",
  "cookies_baked",
  "cookieless",
  "gen_ai.usage.input_tokens",
  "passenger",
];

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

// The patterns are only text to us: what they match is the processor's business, which finds them anywhere in a key.
describe("what a real gateway masks", () => {
  let at: Relocated;
  let child: ChildProcess;
  let log = "";

  beforeAll(async () => {
    const settings = gatewaySettings();
    at = await relocate(gatewayWorkload(settings));
    writeFileSync(join(at.folder, "otel-collector-config.yaml"), toYaml(writingToFiles(settings)));
    child = spawn(program("otelcol"), at.args, { cwd: at.folder, env: { PATH: process.env["PATH"] ?? "", ...at.env } });
    child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
    await send("traces", {
      resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [{ ...span(), attributes: attributes() }] }] }],
    });
    await send("logs", {
      resourceLogs: [
        {
          resource: {},
          scopeLogs: [
            { logRecords: [{ body: { stringValue: "sent Bearer abcdefghijklmnop1234" }, attributes: attributes() }] },
          ],
        },
      ],
    });
  });

  afterAll(() => {
    child.kill("SIGKILL");
    at.remove();
  });

  it.each(["traces", "logs"] as const)("in %s is every secret key and no other", async (signal) => {
    const stored = attributesIn(await written(signal));
    for (const key of SECRET) expect([key, stored[key]]).toEqual([key, MASK]);
    for (const key of PLAIN) expect([key, stored[key]]).toEqual([key, "plain text"]);
  });

  it("is a bearer token or a cloud access key wherever it stands", async () => {
    expect(attributesIn(await written("traces"))["note"]).toBe(`key ${MASK} of ${MASK}`);
    expect(await written("logs")).toContain(`"sent ${MASK}"`);
  });

  /** Sends as often as it takes until the gateway listens. */
  const send = async (signal: "traces" | "logs", body: object) => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const answer = await fetch(`http://${HOST}:${PORT}/v1/${signal}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }).catch(() => undefined);
      if (answer?.ok === true) return;
      await sleep(200);
    }
    throw new Error(`the gateway did not take ${signal}:\n${log.slice(-4000)}`);
  };

  const written = async (signal: "traces" | "logs"): Promise<string> => {
    const file = join(at.folder, `${signal}.jsonl`);
    for (let attempt = 0; attempt < 100 && (!existsSync(file) || readFileSync(file, "utf8") === ""); attempt += 1)
      await sleep(200);
    return readFileSync(file, "utf8");
  };
});

function attributes(): readonly Attribute[] {
  return [...SECRET, ...PLAIN]
    .map((key) => ({ key, value: { stringValue: "plain text" } }))
    .concat({ key: "note", value: { stringValue: "key AKIAABCDEFGHIJKLMNOP of Bearer abcdefghijklmnop1234" } });
}

function span(): object {
  const time = `${Date.now()}000000`;
  return {
    traceId: "ab".repeat(16),
    spanId: "cd".repeat(8),
    name: "s",
    startTimeUnixNano: time,
    endTimeUnixNano: time,
  };
}

/** Attributes of the only item, by key. */
function attributesIn(line: string): Readonly<Record<string, string | undefined>> {
  const [, text = "[]"] = /"attributes":(\[\{.*?\}\])/.exec(line) ?? [];
  return Object.fromEntries((JSON.parse(text) as Attribute[]).map(({ key, value }) => [key, value.stringValue]));
}

/** The gateway's own processors between a plain receiver and files. */
function writingToFiles(settings: ReturnType<typeof gatewaySettings>): object {
  const { processors, service } = renderGateway(settings);
  const signals = ["traces", "logs"] as const;
  return {
    receivers: { otlp: { protocols: { http: { endpoint: `${HOST}:${PORT}` } } } },
    processors,
    exporters: Object.fromEntries(signals.map((signal) => [`file/${signal}`, { path: `${signal}.jsonl` }])),
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: Object.fromEntries(
        signals.map((signal) => [signal, { ...service.pipelines[signal], exporters: [`file/${signal}`] }]),
      ),
    },
  };
}
