import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unitName } from "../../../components/runtime/ssh/names.ts";
import { describe, expect, it } from "vitest";
import { DASHBOARDS } from "../../../components/alerts/dashboard-uids.ts";
import { ALL_SIGNALS } from "../../../components/signals/catalogue.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { CLOCK_EVENTS } from "../../../components/signals/dcgm.ts";
import { toLabelName } from "../../../components/signals/signal.ts";
import { renderStack } from "../../../infra/deploy/render.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { listDeployed } from "../../../infra/runbooks/pages.ts";
import { restartCommand } from "../../../infra/runbooks/restart.ts";
import { SAMPLING_KNOBS } from "../../../infra/runbooks/sampling.ts";
import { findAll, isKey, listCommands, PAGES, RUNBOOKS } from "./read-pages.ts";

const deployed = listDeployed();
const workloads = new Set(deployed.map(({ workload }) => workload.name));
const commands = listCommands();

describe("what runbooks refer to", () => {
  it("links only to dashboards that exist", () => {
    expect(findAll(/\/d\/([\w-]+)/g).filter(({ found }) => !(found in DASHBOARDS))).toEqual([]);
  });

  it("names only workloads that a stack has", () => {
    const named =
      /(?:docker (?:restart|logs)(?: --tail \d+)? |systemctl restart |journalctl -u |(?:daemonset|statefulset|deployment)\/|workloads\/)(\w[\w-]*)/;
    const known = new Set([
      ...workloads,
      ...deployed.map(({ workload, environment }) => `gpu-observability-${environment}-${workload.name}`),
      ...deployed.map(({ workload }) => unitName(workload.service).replace(".service", "")),
    ]);
    const unknown = commands.filter(({ found }) => {
      const name = named.exec(found)?.[1];
      // `gpu-observability-<stack>-…` is for as-written.test.ts.
      return name !== undefined && !name.endsWith("-") && !known.has(name);
    });
    expect(unknown).toEqual([]);
    expect(commands.filter(({ found }) => named.test(found)).length).toBeGreaterThan(workloads.size);
  });

  it("tells how to start every workload of every stack anew (S0-68)", () => {
    const page = readFileSync(join(RUNBOOKS, "restart.md"), "utf8");
    for (const one of deployed)
      expect(page).toContain(`| ${one.workload.name} | ${one.runtime} | \`${restartCommand(one)}\``);
  });

  it("names only ports that something listens on", () => {
    const ports = new Set(deployed.flatMap(({ workload }) => Object.values(workload.ports).map(({ port }) => port)));
    const used = listCommands().flatMap(({ page, found }) =>
      [...found.matchAll(/(?:127\.0\.0\.\d|localhost)[:/](\d+)|-P (\d+)|port=(\d+)/g)].map(([, ...groups]) => ({
        page,
        port: Number(groups.find((group) => group !== undefined)),
      })),
    );
    expect(used.filter(({ port }) => !ports.has(port))).toEqual([]);
    expect(used.length).toBeGreaterThan(8);
  });

  it("names only files that a stack renders", () => {
    const files = ENVIRONMENT_NAMES.flatMap((name) =>
      Object.keys(renderStack(readEnvironment(PROJECT_ROOT, name))).map((path) => `tests/golden/${name}/${path}`),
    );
    const missing = commands.flatMap(({ page, found }) =>
      [...found.matchAll(/tests\/golden\/[\w./*-]+/g)]
        .map(([path]) => path.split("*")[0] ?? "")
        .filter((path) => !files.some((file) => file.startsWith(path)))
        .map((path) => ({ page, path })),
    );
    expect(missing).toEqual([]);
  });

  it("names sampling knobs with their value in every stack (S0-69)", () => {
    const page = readFileSync(join(RUNBOOKS, "sampling.md"), "utf8");
    for (const { key, read } of SAMPLING_KNOBS) {
      expect(isKey(key), key).toBe(true);
      for (const name of ENVIRONMENT_NAMES) {
        expect(page).toMatch(new RegExp(`\\| \`${key}\` .*\\| ${read(readEnvironment(PROJECT_ROOT, name))} `));
      }
    }
  });

  it("asks only for metrics of the catalogue", () => {
    const names = new Set([
      ...ALL_SIGNALS.map(({ prometheusName }) => prometheusName),
      ...ALL_SIGNALS.flatMap(({ labels }) => labels.map(toLabelName)),
      ...Object.keys(CLOCK_EVENTS),
    ]);
    const written = PAGES.filter(({ path }) => !path.startsWith("alerts/"));
    const unknown = findAll(
      /\b((?:otelcol|prometheus_tsdb|traces_span|media_cluster|hw|DCGM_FI)_\w+)/g,
      written,
    ).filter(({ found }) => !names.has(found) && found !== "otelcol_");
    expect(unknown).toEqual([]);
  });

  it("gives the working form beside the document's, and no command the document got wrong (S0-70, S2-33, S2-34, S2-58)", () => {
    const run = commands.map(({ found }) => found).join("\n");
    for (const wrong of ["--dry-run", "logs otel-collector", "FROM metrics", "greptime_pwd", "telnet"])
      expect(run).not.toContain(wrong);
    for (const right of ["otelcol validate --config=", "/v1/prometheus/api/v1/query", "sql=SELECT", "-d 'step=60s'"]) {
      expect(run).toContain(right);
    }
  });
});
