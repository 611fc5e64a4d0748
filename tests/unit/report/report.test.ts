import { describe, expect, it } from "vitest";
import { GPU_SIGNALS } from "../../../components/signals/gpu.ts";
import { command } from "../../../infra/cli/commands/report.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { OFFLINE } from "../../../infra/cli/unavailable.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { gpuServer } from "../../../infra/report/machine.ts";
import { SERIES_PER_OPERATION } from "../../../infra/report/measured.ts";
import { planReport } from "../../../infra/report/model.ts";
import { budgetSchema, EXPECTED_LOAD, loadSchema } from "../../../infra/report/settings.ts";
import { toText } from "../../../infra/report/text.ts";
import { findWarnings } from "../../../infra/report/warnings.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { isOff, toLine } from "../../live/report.ts";

const HERE = { ...gpuServer(1), cpus: 2, scaledCpus: 0, sensors: 0, infinibandPorts: 0 };
const BASE = {
  runtime: "process",
  hosts: [{ name: "gpu-1", runtime: "process", simulated: true, gpus: 8 }],
  metrics: { scrapeInterval: "5s" },
};
const reportOf = (raw: object = {}, load = EXPECTED_LOAD) =>
  planReport(planTopology(loadEnvironment("local", { ...BASE, ...raw }), OFFLINE), load, HERE);
const stack = (name: (typeof ENVIRONMENT_NAMES)[number]) =>
  planReport(planTopology(readEnvironment(PROJECT_ROOT, name), OFFLINE), EXPECTED_LOAD, HERE);

describe("the report", () => {
  it("counts a GPU's series from the fields the catalogue enables, those of faults left out", () => {
    const always = GPU_SIGNALS.filter(({ absentWhile }) => absentWhile === undefined).length;
    const [host] = reportOf().hosts;
    expect(host?.gpus.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => always));
  });

  it("counts each MIG instance, without the fields DCGM has of whole GPUs only", () => {
    const [host] = reportOf().hosts;
    expect(host?.gpus[7]).toBe(2 * ((host?.gpus[0] ?? 0) - 4));
  });

  it("leaves out what the gateways drop", () => {
    const [all] = reportOf().hosts;
    const [fewer] = reportOf({ metrics: { scrapeInterval: "5s", drop: ["^DCGM_FI_PROF_.*"] } }).hosts;
    const dropped = GPU_SIGNALS.filter(({ name }) => name.startsWith("DCGM_FI_PROF_")).length;
    expect(dropped).toBeGreaterThan(5);
    expect((all?.gpus[0] ?? 0) - (fewer?.gpus[0] ?? 0)).toBe(dropped);
  });

  it("leaves out what the gateways drop of every processor, which outnumbers the GPUs on a large host", () => {
    const dropped = ["^system\\.cpu\\.(time|utilization)$", "^node_cpu_guest_seconds_total$"];
    const [all] = reportOf().hosts;
    const [fewer] = reportOf({ metrics: { scrapeInterval: "5s", drop: dropped } }).hosts;
    expect((all?.total ?? 0) - (fewer?.total ?? 0)).toBe(HERE.cpus * (16 + 2));
  });

  it("halves the scraped samples when the time between scrapes doubles", () => {
    const often = reportOf();
    const seldom = reportOf({ metrics: { scrapeInterval: "10s" } });
    expect(seldom.activeSeries).toBe(often.activeSeries);
    expect(seldom.samplesPerSecond / often.samplesPerSecond).toBeCloseTo(0.5, 1);
  });

  it("counts a pool once for each of its nodes", () => {
    const one = stack("production");
    const nodes = loadSchema.parse({ poolNodes: 10 });
    const ten = planReport(planTopology(readEnvironment(PROJECT_ROOT, "production"), OFFLINE), nodes, HERE);
    const pool = one.hosts.find(({ name }) => name === "gpu-nodes");
    const services =
      EXPECTED_LOAD.servicesPerHost *
      (EXPECTED_LOAD.seriesPerService + EXPECTED_LOAD.operationsPerService * SERIES_PER_OPERATION);
    const recorded = ten.rules.series - one.rules.series;
    expect(ten.activeSeries - one.activeSeries).toBe(9 * ((pool?.total ?? 0) + services) + recorded);
  });

  it("keeps every span where nothing is sampled, else the share asked for and all errors and slow traces", () => {
    expect(reportOf().spans).toEqual({ received: 50, kept: 50 });
    const { spans } = reportOf({ sampling: { default: 0.1, services: { "workflow-service": 0.3 } } });
    expect(spans.kept).toBeCloseTo(50 * (0.02 + 0.98 * 0.2));
  });

  it("has a row of storage for every backend of the environment and no other", () => {
    expect(stack("local").storage.map(({ backend }) => backend)).toEqual(["prometheus", "tempo", "loki", "jaeger"]);
    expect(stack("production").storage.find(({ backend }) => backend === "tempo")?.on).toBe("object storage");
    const { storage } = reportOf({ jaeger: { storage: "memory" } });
    expect(storage.find(({ backend }) => backend === "jaeger")?.on).toBe("memory");
  });

  it("warns of every limit of the budget that is passed, and of no other", () => {
    const report = reportOf({ jaeger: { enabled: false } });
    const within = budgetSchema.parse({ activeSeries: 1_000_000, storageGiB: 1000 });
    expect(findWarnings(report, within)).toEqual([]);
    const past = findWarnings(report, budgetSchema.parse({ activeSeries: 100, samplesPerSecond: 1, storageGiB: 1000 }));
    expect(past.map((line) => line.split(":")[0])).toEqual(["budget.activeSeries", "budget.samplesPerSecond"]);
  });

  it("warns of a volume that is full before the retention ends", () => {
    const report = reportOf({ jaeger: { retention: "8760h" } });
    expect(findWarnings(report, {})).toEqual([
      expect.stringMatching(/^jaeger: 8760h of data are \d+ GiB, its volume has/),
    ]);
  });

  it.each(ENVIRONMENT_NAMES)(
    "says the queues of the gateways of %s beside their volume, which holds them all",
    (name) => {
      const report = stack(name);
      expect(report.queues.map(({ gateway }) => gateway)).toEqual(
        name === "local" || name === "dev" ? ["gateway-a", "gateway-b"] : ["gateway"],
      );
      for (const { gateway, backends, backendMiB, peers, peerMiB, sumMiB, volumeMiB } of report.queues) {
        expect(sumMiB).toBe(backends * backendMiB + peers * peerMiB);
        expect(sumMiB).toBeLessThanOrEqual(volumeMiB);
        expect(toText(report, [])).toMatch(
          new RegExp(`^  ${gateway} +${backends} x ${backendMiB} .* ${sumMiB} +${volumeMiB}$`, "m"),
        );
      }
    },
  );

  it("rejects a stack that does not exist", async () => {
    await expect(async () => command.run(["nowhere"])).rejects.toThrow(/expected {2}one of local, dev/);
  });

  it.each(ENVIRONMENT_NAMES)("prints every host, backend and assumption of %s", (name) => {
    const report = stack(name);
    const text = toText(report, []);
    for (const host of report.hosts) expect(text).toContain(host.name);
    for (const { backend } of report.storage) expect(text).toMatch(new RegExp(`^  ${backend} `, "m"));
    expect(text).toContain("DGX H100");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("a comparison with what was measured", () => {
  it("is off beyond a fifth of the measured number, and says so by name", () => {
    const at = (modelled: number) => ({ name: "series of gpu-1", modelled, measured: 100 });
    expect([80, 100, 120].map((modelled) => isOff(at(modelled)))).toEqual([false, false, false]);
    expect([79, 121].map((modelled) => isOff(at(modelled)))).toEqual([true, true]);
    expect(isOff({ name: "series of gpu-1", modelled: 100, measured: 0 })).toBe(true);
    expect(toLine(at(121))).toBe("OFF  series of gpu-1: modelled 121, measured 100 (+21.0 %)");
  });
});
