import { gpu } from "../../components/signals/gpu.ts";
import { kernel } from "../../components/signals/kernel.ts";
import { absent, type RuleCase, type Shape, steady, andThen } from "./rule-case.ts";
import { only, series, sick, SICK, SICK_GPU } from "./series.ts";

const dcgm = (xid: string, shape: Shape) => sick(gpu.xids, shape, { xid, window_size_in_ms: "300000" });
const log = (xid: string, shape: Shape) =>
  series(kernel.xids, { host_name: SICK.host_name, nvidia_xid: xid, nvidia_pci_bus_id: SICK.pci_bus_id }, shape);
const known = sick(gpu.power, steady(300));
const event = andThen(absent, "10m", steady(1));
const fires = (xid: string) => [{ ...SICK_GPU, pci_bus_id: SICK.pci_bus_id, xid }];
const counts = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [index * 60, 3]));

const critical: readonly RuleCase[] = [
  { title: "DCGM counts a GPU that fell off the bus", series: dcgm("79", event), at: "11m", fires: fires("79") },
  {
    title: "the first line ever in the kernel log",
    series: { ...log("79", event), ...known },
    at: "11m",
    fires: fires("79"),
  },
  {
    title: "both sources see it: one alert",
    series: { ...dcgm("79", event), ...log("79", event), ...known },
    at: "11m",
    fires: fires("79"),
  },
  {
    title: "the same code again half an hour later",
    series: { ...log("48", only({ 600: 1, 2400: 2 })), ...known },
    at: "41m",
    fires: fires("48"),
  },
  {
    title: "the same code again seven minutes later",
    series: { ...log("48", only({ 600: 1, 1020: 2 })), ...known },
    at: "18m",
    fires: fires("48"),
  },
  {
    title: "the agent restarted and counts from one again",
    series: { ...log("48", only({ 600: 1, 1980: 1 })), ...known },
    at: "34m",
    fires: fires("48"),
  },
  {
    title: "a GPU nobody knows",
    series: log("79", event),
    at: "11m",
    fires: [{ host_name: "gpu-1", pci_bus_id: SICK.pci_bus_id, xid: "79" }],
  },
  {
    title: "a GPU that fell off half an hour ago is still named",
    series: {
      ...log("79", andThen(absent, "40m", steady(1))),
      ...sick(gpu.power, andThen(steady(300), "10m", absent)),
    },
    at: "41m",
    fires: fires("79"),
  },
  {
    title: "an application's own fault",
    series: { ...dcgm("13", event), ...log("13", event), ...known },
    at: "11m",
    fires: [],
  },
  {
    title: "a count that stands still for half an hour",
    series: { ...log("79", only(counts)), ...known },
    at: "29m",
    fires: [],
  },
  {
    title: "the last code the driver keeps for ever",
    series: sick(gpu.lastXid, steady(79), { err_code: "79", err_msg: "GPU has fallen off the bus" }),
    at: "30m",
    fires: [],
  },
  {
    title: "no Xid in the window",
    series: sick(gpu.xids, steady(0), { window_size_in_ms: "300000" }),
    at: "30m",
    fires: [],
  },
].map((one) => ({ alert: "GpuXidCritical", ...one }) as RuleCase);

const warning: readonly RuleCase[] = [
  { title: "a page fault of an application", series: dcgm("31", event), at: "11m", fires: fires("31") },
  { title: "a code of no table", series: { ...log("999", event), ...known }, at: "11m", fires: fires("999") },
  { title: "codes of the other tiers", series: { ...dcgm("79", event), ...dcgm("43", event) }, at: "11m", fires: [] },
].map((one) => ({ alert: "GpuXidWarning", ...one }) as RuleCase);

const info: readonly RuleCase[] = [
  { title: "a process ended", series: dcgm("43", event), at: "11m", fires: fires("43") },
  { title: "a code somebody must act on", series: dcgm("13", event), at: "11m", fires: [] },
].map((one) => ({ alert: "GpuXidInfo", ...one }) as RuleCase);

const both = { ...dcgm("48", event), ...log("48", event), ...known };
const disagree: readonly RuleCase[] = [
  {
    title: "the kernel log says nothing",
    series: { ...dcgm("48", event), ...known },
    at: "17m",
    fires: [{ host_name: "gpu-1", silent: "kernel log" }],
  },
  {
    title: "DCGM says nothing",
    series: { ...log("48", event), ...known },
    at: "17m",
    fires: [{ host_name: "gpu-1", silent: "DCGM" }],
  },
  { title: "both tell of it", series: both, at: "20m", fires: [] },
  { title: "a code DCGM is known to miss", series: { ...log("119", event), ...known }, at: "17m", fires: [] },
  {
    title: "DCGM is a minute late",
    series: { ...log("48", event), ...dcgm("48", andThen(absent, "11m", steady(1))), ...known },
    at: "17m",
    fires: [],
  },
].map((one) => ({ alert: "GpuXidWitnessesDisagree", ...one }) as RuleCase);

export const xidCases: readonly RuleCase[] = [...critical, ...warning, ...info, ...disagree];
