import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CollectorConfig } from "../../../components/collector/config.ts";
import { renderGateway } from "../../../components/collector/render-gateway.ts";
import { DESTINATIONS, gatewaySettings, SAMPLING_OFF, SAMPLING_ON } from "./fixture.ts";

interface Transform {
  readonly trace_statements: readonly { context: string; statements: readonly string[] }[];
  readonly metric_statements: readonly { context: string; statements: readonly string[] }[];
  readonly log_statements: readonly { context: string; statements: readonly string[] }[];
}
interface Redaction {
  readonly blocked_key_patterns: readonly string[];
  readonly blocked_values: readonly string[];
}

const privacyOf = ({ processors }: CollectorConfig) => processors["transform/privacy"] as Transform;
const redactionOf = ({ processors }: CollectorConfig) => processors["redaction"] as Redaction;

/** As the processor matches: anywhere in the key. */
const patternsThatMatch = (key: string) =>
  redactionOf(renderGateway(gatewaySettings())).blocked_key_patterns.filter((pattern) => new RegExp(pattern).test(key));

const settingsOfAnyGateway = fc
  .record({
    destinations: fc.subarray([...DESTINATIONS], { minLength: 1 }),
    sampling: fc.constantFrom(SAMPLING_OFF, SAMPLING_ON),
    scrapeEnabled: fc.boolean(),
    debugEnabled: fc.boolean(),
  })
  .map(gatewaySettings);

describe("what a gateway hides", () => {
  it("hashes pet_id by the same statement in traces, metrics and logs, so that they can be joined (C-28)", () => {
    const { trace_statements, metric_statements, log_statements } = privacyOf(renderGateway(gatewaySettings()));
    const groups = [...trace_statements, ...metric_statements, ...log_statements];
    expect(groups.map(({ context }) => context)).toEqual(["span", "datapoint", "log"]);
    const statements = groups.map((group) => group.statements);
    expect(new Set(statements.map((lines) => lines.join("\n"))).size).toBe(1);
    expect(statements[0]?.join()).toContain('SHA256(String(attributes["pet_id"]))');
  });

  it("hashes it without salt or name, so that both gateways give one identifier the same hash (C-28)", () => {
    const settings = gatewaySettings();
    const other = { ...settings, placement: { ...settings.placement, name: "gateway-b" } };
    expect(privacyOf(renderGateway(other))).toEqual(privacyOf(renderGateway(settings)));
  });

  it("hashes before anything leaves, is counted or sampled, whatever it sends to", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        const { pipelines } = renderGateway(settings).service;
        const entries = Object.entries(pipelines).filter(([, { receivers }]) => receivers.includes("otlp"));
        for (const [id, { processors }] of entries) expect(processors, id).toContain("transform/privacy");
      }),
    );
  });

  it("redacts spans and logs, whatever it sends to", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        const { pipelines } = renderGateway(settings).service;
        for (const signal of ["traces", "logs"])
          if (signal in pipelines) expect(pipelines[signal]?.processors, signal).toContain("redaction");
      }),
    );
  });

  it.each([
    "password",
    "db.password",
    "client_secret",
    "api_key",
    "x-api-key",
    "http.request.header.authorization",
    "proxy-authorization",
    "authorization_header",
    "authorizationToken",
    "cookie",
    "cookies",
    "http.response.header.set-cookie",
    "cookie_value",
  ])("takes the attribute %s for a secret", (key) => {
    expect(patternsThatMatch(key)).not.toEqual([]);
  });

  it.each([
    "gen_ai.usage.input_tokens",
    "author",
    "k8s.pod.name",
    "author.authorizations",
    "cookies_baked",
    "cookieless",
  ])("leaves the attribute %s alone", (key) => {
    expect(patternsThatMatch(key)).toEqual([]);
  });

  it("names keys by patterns that begin with plain letters: anything else makes Go try every letter of every key", () => {
    for (const pattern of redactionOf(renderGateway(gatewaySettings())).blocked_key_patterns)
      expect(pattern).toMatch(/^[a-z]{3,}/);
  });

  it("takes a bearer token for a secret wherever it stands, and the word alone for none", () => {
    const [bearer = ""] = redactionOf(renderGateway(gatewaySettings())).blocked_values;
    expect("failed with Bearer eyJhbGciOiJIUzI1NiJ9.e30").toMatch(new RegExp(bearer));
    expect("Bearer token missing").not.toMatch(new RegExp(bearer));
  });

  it("copies the seeds' spellings of the environment only where the convention's is absent (C-23)", () => {
    const { processors } = renderGateway(gatewaySettings());
    const { trace_statements, metric_statements, log_statements } = processors["transform/conventions"] as Transform;
    expect(metric_statements).toEqual(trace_statements);
    expect(log_statements).toEqual(trace_statements);
    const [group] = trace_statements;
    expect(group?.context).toBe("resource");
    for (const key of ["env", "deployment", "environment"])
      expect(group?.statements.some((line) => line.includes(`attributes["${key}"])`))).toBe(true);
    for (const line of group?.statements ?? [])
      expect(line).toContain('where attributes["deployment.environment.name"] == nil');
  });
});
