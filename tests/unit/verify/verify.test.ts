import { afterEach, describe, expect, it } from "vitest";
import { toTable } from "../../../infra/cli/verify/table.ts";
import { verify, type VerifyReport } from "../../../infra/cli/verify/verify.ts";
import { FakePlatform } from "./fake-platform.ts";

const red = ({ cells }: VerifyReport) =>
  cells.filter(({ status }) => status === "missing").map(({ signal, backend }) => `${signal} x ${backend}`);

describe("verify", () => {
  let platform = new FakePlatform();
  afterEach(async () => {
    await platform.stop();
    platform = new FakePlatform();
  });

  it("finds every signal of a platform that works", async () => {
    const report = await verify(await platform.start(), platform.readerOf, 3);
    expect(report.cells.map(({ status }) => status)).toEqual(report.cells.map(() => "landed"));
    expect(new Set(report.cells.map(({ backend }) => backend)).size).toBe(6);
  });

  it.each([
    ["prometheus-b", "metric"],
    ["tempo", "span"],
    ["jaeger", "span"],
    ["loki", "log"],
    ["grafana", "data sources"],
  ] as const)("turns exactly one cell red when the exporter to %s is broken", async (backend, signal) => {
    const report = await verify(await platform.start({ [backend]: "empty" }), platform.readerOf, 1);
    expect(red(report)).toEqual([`${signal} x ${backend}`]);
  });

  it.each([
    ["tempo", /tempo|span/],
    ["loki", /loki|log/],
  ] as const)("does not call the walk landed while %s misses its part", async (backend, cause) => {
    const report = await verify(await platform.start({ [backend]: "empty" }), platform.readerOf, 1);
    const walks = report.cells.filter(({ signal }) => signal.startsWith("exemplar"));
    expect(walks.length).toBe(2);
    for (const { status, reason } of walks) {
      expect(status).not.toBe("landed");
      expect(reason).toMatch(cause);
    }
  });

  it("names the refused connection of a backend that is down", async () => {
    const report = await verify(await platform.start({ jaeger: "refusing" }), platform.readerOf, 1);
    expect(report.cells.find(({ backend }) => backend === "jaeger")?.reason).toContain("ECONNREFUSED");
  });

  it("keeps its deadline when a backend takes the question and never answers", async () => {
    const started = performance.now();
    const report = await verify(await platform.start({ jaeger: "hung" }), platform.readerOf, 1);
    expect(red(report)).toEqual(["span x jaeger"]);
    expect(performance.now() - started).toBeLessThan(10_000);
  }, 20_000);

  it("rejects a part the agent answered 200 to and did not take", async () => {
    const plan = await platform.start();
    platform.agentAnswer = { status: 200, body: { partialSuccess: { rejectedSpans: "1", errorMessage: "too old" } } };
    const report = await verify(plan, platform.readerOf, 1);
    expect(red(report).length).toBeGreaterThan(0);
    expect(report.cells[0]?.reason).toContain("too old");
  });

  it("shows the state of every cell and the reason of every red one", async () => {
    const plan = { ...(await platform.start({ tempo: "empty" })), skipped: { grafana: "no program" } };
    const text = toTable(await verify(plan, platform.readerOf, 1));
    expect(text).toMatch(/^span .*MISSING.*landed/m);
    expect(text).toMatch(/MISSING span of agent-1 in tempo: .*404/);
    expect(text).toContain("skipped grafana: no program");
  });
});
