import { describe, expect, it } from "vitest";
import { AREAS } from "../../../components/alerts/areas.ts";
import type { RecordingRule } from "../../../components/signals/recording.ts";
import { renderRunbook } from "../../../components/alerts/runbook.ts";
import { listRunbookAlerts, renderRunbookPages, WRITTEN_PAGES } from "../../../infra/runbooks/pages.ts";
import { findStaleRunbooks } from "../../../infra/runbooks/write.ts";
import { PAGES, RUNBOOKS } from "./read-pages.ts";

const alerts = listRunbookAlerts();
const pages = renderRunbookPages();
const pageOf = (name: string) => pages[`alerts/${name}.md`] ?? "";

describe("the runbook pages", () => {
  it("are committed as they would be written now (`npm run render`)", () => {
    expect(findStaleRunbooks(RUNBOOKS)).toEqual([]);
  });

  it("are one for every alert of every area, and listed on the first page", () => {
    expect(new Set(alerts.map(({ alert }) => alert.area))).toEqual(new Set(AREAS.map(({ name }) => name)));
    for (const { alert } of alerts) expect(pages["README.md"]).toContain(`[${alert.name}](alerts/${alert.name}.md)`);
  });

  it("say what an alert means, what is lost, what to do first, its rule, dashboard and requirements", () => {
    for (const { alert } of alerts) {
      const page = pageOf(alert.name);
      const { meaning, impact, actions, query, dashboard, logs = "", requirements = [], knobs = [] } = alert;
      for (const part of [
        meaning,
        impact,
        ...actions,
        query.text,
        `/d/${dashboard}`,
        logs.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, "<$1>"),
        ...requirements,
        ...knobs,
      ]) {
        expect(page, alert.name).toContain(part.replaceAll("|", page.includes(part) ? "|" : "\\|"));
      }
    }
  });

  it("give every threshold with its default, unit and meaning", () => {
    for (const { alert } of alerts) {
      for (const knob of alert.knobs ?? []) {
        const [, area = "", name = ""] = knob.split(".");
        const threshold = AREAS.find((one) => one.name === area)?.thresholds[name];
        if (threshold === undefined) continue;
        expect(pageOf(alert.name)).toContain(`| \`${knob}\` | ${threshold.default} | ${threshold.unit} |`);
      }
    }
  });

  it("tell how to start the programs anew that the alert is about, in every runtime that has them", () => {
    const page = pageOf(alerts.find(({ alert }) => alert.name === "CollectorQueueNearlyFull")?.alert.name ?? "");
    expect(page).toContain("| gateway | docker | `docker restart gpu-observability-dev-gateway-a` |");
    expect(page).toContain("kubectl -n gpu-observability rollout restart statefulset/gateway");
    expect(page).toMatch(/\| agent \| ssh \| `ssh \S+ sudo systemctl restart gpu-observability-agent\.service` \|/);
    expect(page).toContain("workloads/gateway-a/process.json");
  });

  it("print what a recorded series is recorded from", () => {
    const recorded = alerts.flatMap(({ alert }) =>
      alert.query.signals.flatMap((signal) => ("query" in signal ? [{ alert, rule: signal as RecordingRule }] : [])),
    );
    expect(recorded.length).toBeGreaterThan(0);
    for (const { alert, rule } of recorded) expect(pageOf(alert.name)).toContain(`${rule.query.text}\n`);
  });

  it("list every page written by hand, and no page is left over", () => {
    const known = [...Object.keys(pages), ...Object.keys(WRITTEN_PAGES)].sort();
    expect(PAGES.map(({ path }) => path).sort()).toEqual(known);
  });

  it("keep a pipe inside a table cell", () => {
    const [first] = alerts;
    if (first === undefined) throw new Error("there is no alert");
    const knob = { key: "a|b", default: "1", unit: "1", meaning: "one | two", elsewhere: "" };
    const page = renderRunbook(first.alert, {
      environment: "local",
      knobs: [knob],
      restarts: [],
      inhibitions: [],
      pages: [],
    });
    expect(page).toContain("| `a\\|b` | 1 | 1 | one \\| two |  |");
  });
});
