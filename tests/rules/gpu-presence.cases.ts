import { REQUIRED_READINGS } from "../../components/alerts/gpu/presence.ts";
import { scrape } from "../../components/signals/backends.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { absent, growing, type RuleCase, type Shape, steady, andThen } from "./rule-case.ts";
import { series, sick } from "./series.ts";

type Series = RuleCase["series"];

const up = (host: string, job: string, shape: Shape) => series(scrape.up, { host_name: host, job }, shape);
const healthy = (host: string) => ({ ...up(host, "agent", steady(1)), ...up(host, "dcgm-exporter", steady(1)) });
const card = (host: string, index: number, shape = steady(50), more = {}) =>
  series(gpu.temperature, { host_name: host, gpu: String(index), hw_id: `${host}-${index}`, ...more }, shape);
const cards = (host: string, count: number): Series =>
  Object.assign({}, ...Array.from({ length: count }, (_, index) => card(host, index))) as Series;
/** Both hosts of the inventory as they should be, with changes. */
const fleet = (more: Series = {}): Series => ({
  ...healthy("gpu-1"),
  ...healthy("gpu-2"),
  ...cards("gpu-1", 4),
  ...cards("gpu-2", 4),
  ...more,
});
const mig = (id: string) => ({ GPU_I_PROFILE: "3g.40gb", GPU_I_ID: id });
const ends = andThen(steady(50), "10m", absent);

const missing: readonly Omit<RuleCase, "alert">[] = [
  {
    title: "one GPU of a host stops reporting",
    series: fleet(card("gpu-1", 3, ends)),
    at: "18m",
    fires: [{ host_name: "gpu-1" }],
  },
  {
    title: "a GPU that was never there",
    series: { ...healthy("gpu-1"), ...healthy("gpu-2"), ...cards("gpu-1", 3), ...cards("gpu-2", 4) },
    at: "10m",
    fires: [{ host_name: "gpu-1" }],
  },
  {
    title: "a whole host is silent",
    series: { ...healthy("gpu-1"), ...cards("gpu-1", 4) },
    at: "10m",
    fires: [{ host_name: "gpu-2" }],
  },
  {
    title: "a node of a pool has seven of eight",
    series: fleet({ ...healthy("node-a"), ...cards("node-a", 7) }),
    at: "10m",
    fires: [{ host_name: "node-a" }],
  },
  {
    title: "all there, one GPU as two MIG instances",
    series: {
      ...healthy("gpu-1"),
      ...healthy("gpu-2"),
      ...cards("gpu-2", 4),
      ...cards("gpu-1", 3),
      ...card("gpu-1", 3, steady(50), mig("1")),
      ...card("gpu-1", 3, steady(50), mig("2")),
    },
    at: "10m",
    fires: [],
  },
  {
    title: "two MIG instances hide no missing GPU",
    series: {
      ...healthy("gpu-1"),
      ...healthy("gpu-2"),
      ...cards("gpu-2", 4),
      ...cards("gpu-1", 2),
      ...card("gpu-1", 2, steady(50), mig("1")),
      ...card("gpu-1", 2, steady(50), mig("2")),
    },
    at: "10m",
    fires: [{ host_name: "gpu-1" }],
  },
  {
    title: "a node of a pool is whole",
    series: fleet({ ...healthy("node-a"), ...cards("node-a", 8) }),
    at: "10m",
    fires: [],
  },
  {
    title: "the exporter is down, which another alert says",
    series: {
      ...healthy("gpu-1"),
      ...cards("gpu-1", 4),
      ...up("gpu-2", "agent", steady(1)),
      ...up("gpu-2", "dcgm-exporter", steady(0)),
    },
    at: "10m",
    fires: [],
  },
];

const exporter: readonly Omit<RuleCase, "alert">[] = [
  {
    title: "the exporter does not answer",
    series: fleet(up("gpu-2", "dcgm-exporter", andThen(steady(1), "5m", steady(0)))),
    at: "10m",
    fires: [{ host_name: "gpu-2" }],
  },
  {
    title: "an agent that scrapes no exporter",
    series: { ...healthy("gpu-1"), ...cards("gpu-1", 4), ...up("gpu-2", "agent", steady(1)) },
    at: "10m",
    fires: [{ host_name: "gpu-2" }],
  },
  { title: "all exporters answer", series: fleet(), at: "10m", fires: [] },
  {
    title: "a silent host, which another alert says",
    series: { ...healthy("gpu-1"), ...cards("gpu-1", 4) },
    at: "10m",
    fires: [],
  },
];

const GPU_3 = { host_name: "gpu-1", gpu: "3", hw_id: "GPU-3" };
const frozen: readonly Omit<RuleCase, "alert">[] = [
  {
    title: "the exporter repeats old values",
    series: sick(gpu.energy, andThen(growing(18_000), "10m", steady(180_000))),
    at: "25m",
    fires: [GPU_3],
  },
  { title: "an idle GPU", series: sick(gpu.energy, growing(4200)), at: "25m", fires: [] },
  {
    title: "a driver that was loaded again",
    series: sick(gpu.energy, andThen(growing(18_000), "10m", growing(18_000))),
    at: "25m",
    fires: [],
  },
];

const alive = sick(gpu.temperature, steady(50));
const field = (name: string) => [{ ...GPU_3, field: name }];
const lost: readonly Omit<RuleCase, "alert">[] = [
  {
    title: "a reading ends and the GPU goes on",
    series: { ...alive, ...sick(gpu.energy, andThen(growing(18_000), "61m", absent)) },
    at: "75m",
    fires: field("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"),
  },
  {
    title: "a reading of some models ends",
    series: { ...alive, ...sick(gpu.memoryTemperature, andThen(steady(60), "61m", absent)) },
    at: "75m",
    fires: field("DCGM_FI_DEV_MEMORY_TEMP"),
  },
  {
    title: "a model that never had NVLink",
    series: { ...alive, ...sick(gpu.energy, growing(18_000)) },
    at: "75m",
    fires: [],
  },
  {
    title: "the GPU is gone as a whole",
    series: {
      ...sick(gpu.temperature, andThen(steady(50), "61m", absent)),
      ...sick(gpu.energy, andThen(growing(18_000), "61m", absent)),
    },
    at: "75m",
    fires: [],
  },
];

const required = (...without: string[]): Series =>
  Object.assign(
    {},
    ...REQUIRED_READINGS.filter(({ exporterField = "" }) => !without.includes(exporterField)).map((signal) =>
      sick(signal, growing(60)),
    ),
  ) as Series;
const never: readonly Omit<RuleCase, "alert">[] = [
  {
    title: "the counters file was not read",
    series: { ...alive, ...required("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL") },
    at: "10m",
    fires: [{ field: "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL" }],
  },
  { title: "every required reading is there", series: { ...alive, ...required() }, at: "10m", fires: [] },
  { title: "an environment without any GPU yet", series: {}, at: "10m", fires: [] },
];

const named = (alert: string, cases: readonly Omit<RuleCase, "alert">[]) => cases.map((one) => ({ alert, ...one }));

export const presenceCases: readonly RuleCase[] = [
  ...named("GpuMissing", missing),
  ...named("GpuExporterDown", exporter),
  ...named("GpuReadingsFrozen", frozen),
  ...named("GpuReadingLost", lost),
  ...named("GpuReadingNeverSeen", never),
];
