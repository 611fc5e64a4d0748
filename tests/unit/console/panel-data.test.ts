import { describe, expect, it } from "vitest";
import type { ConsolePanel } from "../../../components/console/definition.ts";
import { type Ask, BackendError, firstAnswer } from "../../../components/console/server/ask.ts";
import { readFiring, readPage, spanOf } from "../../../components/console/server/page-data.ts";
import { readPanel } from "../../../components/console/server/panel-data.ts";

const span = { from: 100, to: 130, step: 10, scrape: 5 };
const panel: ConsolePanel = {
  title: "T",
  description: "",
  kind: "timeseries",
  queries: [{ language: "promql", text: "up", legend: "{{host_name}}" }],
  empty: "Nothing.",
  unit: "1",
  steps: [],
  links: [],
  width: 12,
};

/** Answers by the text of the query, and remembers what was asked. */
function answering(results: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const ask: Ask = (backend, path) => {
    asked.push(`${backend} ${decodeURIComponent(path)}`);
    const query = new URL(path, "http://x").searchParams.get("query") ?? path;
    return Promise.resolve({ result: results[query] ?? [] });
  };
  return { ask, asked };
}

describe("a panel's data", () => {
  it("of series has null where there is no sample, and nothing that JSON lacks", async () => {
    const { ask, asked } = answering({
      up: [
        { metric: { host_name: "gpu-10" }, values: [[110, "NaN"]] },
        {
          metric: { host_name: "gpu-2" },
          values: [
            [100, "1"],
            [130, "+Inf"],
          ],
        },
      ],
    });
    expect(await readPanel(panel, {}, span, ask)).toEqual({
      kind: "series",
      times: [100, 110, 120, 130],
      series: [
        { name: "gpu-2", labels: { host_name: "gpu-2" }, values: [1, null, null, null] },
        { name: "gpu-10", labels: { host_name: "gpu-10" }, values: [null, null, null, null] },
      ],
    });
    expect(asked).toEqual(["prometheus /api/v1/query_range?query=up&start=100&end=130&step=10"]);
  });

  it("of a table has a row per set of labels and a column per query", async () => {
    const { ask } = answering({
      a: [{ metric: { __name__: "a", host_name: "gpu-1", gpu: "3" }, value: [130, "5"] }],
      b: [
        { metric: { host_name: "gpu-1", gpu: "3" }, value: [130, "0.5"] },
        { metric: { host_name: "gpu-1", gpu: "12" }, value: [130, "0.7"] },
      ],
    });
    const queries = [
      { language: "promql", text: "a", legend: "State", unit: "{state}" },
      { language: "promql", text: "b", legend: "Use" },
    ] as const;
    const columnWords = { State: { "5": { text: "five", state: "ok" } } } as const;
    const data = await readPanel({ ...panel, kind: "table", queries, columnWords }, {}, span, ask);
    expect(data).toEqual({
      kind: "table",
      columns: [
        { name: "host_name", of: "label" },
        { name: "gpu", of: "label" },
        { name: "State", of: "value", unit: "{state}", steps: [], words: columnWords.State },
        { name: "Use", of: "value", unit: "1", steps: [] },
      ],
      rows: [
        ["gpu-1", "3", 5, 0.5],
        ["gpu-1", "12", null, 0.7],
      ],
    });
  });

  it("of a stat is the present value of each series, asked of Loki where the query is LogQL", async () => {
    const { ask, asked } = answering({ "rate({}[60s])": [{ metric: {}, value: [130, "4"] }] });
    const queries = [{ language: "logql", text: "rate({}[$__auto])", legend: "Lines", intervalSeconds: 60 }] as const;
    const data = await readPanel({ ...panel, kind: "stat", queries }, {}, { ...span, step: 15 }, ask);
    expect(asked[0]).toContain("loki /loki/api/v1/query?query=rate({}[60s])");
    expect(data).toEqual({ kind: "values", values: [{ name: "Lines", value: 4 }] });
  });

  it("is a sentence that names the backend where that does not answer", async () => {
    const ask: Ask = () => Promise.reject(new BackendError("Prometheus does not answer (https://a: ECONNREFUSED)"));
    expect(await readPanel(panel, {}, span, ask)).toEqual({
      kind: "failed",
      why: "Prometheus does not answer (https://a: ECONNREFUSED)",
    });
  });
});

describe("a backend", () => {
  it("is asked at its next replica where the first cannot be reached", async () => {
    const send = (url: string) =>
      url === "b" ? Promise.resolve(url) : Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" }));
    expect(await firstAnswer("prometheus", ["a", "b"], send)).toBe("b");
    await expect(firstAnswer("loki", ["a", "c"], send)).rejects.toThrow(
      "Loki does not answer (a: ECONNREFUSED; c: ECONNREFUSED)",
    );
  });
});

describe("a backend that hangs", () => {
  it("is named with the time that was waited", async () => {
    const send = () => Promise.reject(new DOMException("aborted", "TimeoutError"));
    await expect(firstAnswer("prometheus", ["a"], send)).rejects.toThrow(
      "Prometheus does not answer (a: no answer within 5 s)",
    );
  });
});

describe("a page", () => {
  const variables = [
    { name: "host_name", title: "Host", query: "t", label: "host_name", multi: true },
    { name: "gpu", title: "GPU", query: 't{host_name=~"$host_name"}', label: "gpu", multi: false },
  ];
  const page = { uid: "u", title: "U", description: "", variables, rows: [{ title: "R", panels: [panel] }] };

  it("offers what the labels have, one GPU being the first, and asks within what was chosen before", async () => {
    const asked: string[] = [];
    const ask: Ask = (_, path) => {
      asked.push(decodeURIComponent(path));
      return Promise.resolve(path.startsWith("/api/v1/label") ? ["10", "2"] : { result: [] });
    };
    const answer = await readPage(page, "local", new URLSearchParams("host_name=gpu-1&host_name="), span, ask);
    expect(answer.variables).toEqual([
      { name: "host_name", title: "Host", multi: true, values: ["2", "10", "gpu-1"], chosen: ["gpu-1"] },
      { name: "gpu", title: "GPU", multi: false, values: ["2", "10"], chosen: ["2"] },
    ]);
    expect(asked[1]).toContain('/api/v1/label/gpu/values?match[]=t{host_name=~"gpu-1"}');
  });

  it("says once what does not answer", async () => {
    const ask: Ask = () => Promise.reject(new BackendError("Prometheus does not answer"));
    const answer = await readPage(page, "local", new URLSearchParams(), span, ask);
    expect(answer.problems).toEqual(["Prometheus does not answer"]);
    expect(answer.variables[1]).toMatchObject({ values: [], chosen: [] });
  });

  it("shows times on multiples of the step, at most some hundreds of them", () => {
    expect(spanOf(1003, 100, 5)).toEqual({ from: 900, to: 1000, step: 5, scrape: 5 });
    expect(spanOf(1_000_003, 86_400, 5).step).toBe(360);
  });
});

describe("the alerts of the console", () => {
  it("are those that fire, the gravest first, without the watchdog", async () => {
    const alert = (alertname: string, severity: string, state = "firing", annotations = {}) => ({
      state,
      activeAt: "2026-01-01T00:00:00Z",
      labels: { alertname, severity, area: "gpu", host_name: "gpu-1", gpu: "3" },
      annotations: { summary: "S", ...annotations },
    });
    const alerts = [
      alert("Watchdog", "info"),
      alert("B", "warning", "firing", { runbook: "infra/runbooks/alerts/B.md" }),
      alert("P", "critical", "pending"),
      alert("A", "critical", "firing", { runbook_url: "https://x/A.md" }),
    ];
    const answer = await readFiring(() => Promise.resolve({ alerts }));
    expect(answer.problems).toEqual([]);
    expect(answer.alerts).toEqual([
      {
        name: "A",
        severity: "critical",
        summary: "S",
        about: "host_name=gpu-1 gpu=3",
        since: "2026-01-01T00:00:00Z",
        runbook: "https://x/A.md",
      },
      expect.objectContaining({ name: "B", runbook: "infra/runbooks/alerts/B.md" }),
    ]);
  });
});
