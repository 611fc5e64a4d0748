import { describe, expect, it } from "vitest";
import { isComplete, type SampleReport, toSampleText } from "../../../infra/cli/run-samples.ts";
import { SAMPLE_NAMES, SAMPLES } from "../../../infra/workloads/samples.ts";

const traceIds = Object.fromEntries(SAMPLE_NAMES.map((name) => [name, "ab".repeat(16)])) as Record<
  (typeof SAMPLE_NAMES)[number],
  string
>;
const round = { traceIds, metrics: ["my_counter"] };
const cell = { signal: "trace", backend: "tempo", agent: "crawler", status: "landed", seconds: 1 } as const;
const lost = { ...cell, backend: "jaeger", status: "missing", reason: "trace ab has no spans, for 60 s" } as const;
const good: SampleReport = {
  sent: [{ agent: "gpu-1-agent", rounds: [round, round], failures: "" }],
  endpoints: { tempo: "https://127.0.0.1:3200" },
  cells: [cell],
};

describe("the report of the sample workloads", () => {
  it("says what each sends, with a query a signal and the backends that hold it", () => {
    const lines = toSampleText(good).split("\n");
    expect(lines).toContain("  gpu-1-agent took 2 rounds");
    for (const name of SAMPLE_NAMES) expect(lines).toContain(`  ${name}: ${SAMPLES[name].sends}`);
    const at = lines.indexOf('    trace   TraceQL  { resource.service.name = "crawler" }');
    expect(lines[at + 1]?.trim()).toBe("read back from tempo");
    expect(lines.at(-1)).toContain("tempo https://127.0.0.1:3200");
  });

  it("names the backend that misses a signal, and why", () => {
    expect(toSampleText({ ...good, cells: [cell, lost] })).toContain(
      "read back from tempo; MISSING in jaeger: trace ab has no spans, for 60 s",
    );
  });

  it.each<[string, SampleReport, boolean]>([
    ["everything landed", good, true],
    ["a signal is missing", { ...good, cells: [cell, lost] }, false],
    ["an agent refused some", { ...good, sent: [{ agent: "a", rounds: [round], failures: "export failed" }] }, false],
    ["an agent took nothing", { ...good, sent: [{ agent: "a", rounds: [], failures: "" }] }, false],
    ["there is no agent", { ...good, sent: [] }, false],
  ])("is complete or not when %s", (_, report, expected) => {
    expect(isComplete(report)).toBe(expected);
  });
});
