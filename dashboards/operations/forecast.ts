import { node } from "../../components/signals/host.ts";
import { promql } from "../../components/signals/query.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_HOST } from "../library/variables.ts";
import { prometheusDisk } from "../platform/prometheus.ts";

/** File systems that are on a disk. */
export const ON_DISK = `${ON_HOST}, fstype!~"tmpfs|ramfs|squashfs"`;
const DAY = 86_400;
const WEEK = 7 * DAY;
const GIBIBYTE = 1024 ** 3;

const free = promql`max by (host_name, mountpoint) (${node.filesystemAvailable}{${ON_DISK}})`;
const size = promql`max by (host_name, mountpoint) (${node.filesystemSize}{${ON_DISK}})`;

/** What will be used up, if it goes on as it did for six hours. */
export const forecastPanels = (numbers: Numbers): readonly Panel[] => [
  {
    title: "Disks in a week",
    description: "Share of each file system that is free in a week, if it fills as it did for six hours. 0 is full.",
    kind: "timeseries",
    queries: [
      metric(promql`clamp_min(predict_linear(${free}[6h:5m], ${WEEK}) / ${size}, 0)`, "{{host_name}} {{mountpoint}}"),
    ],
    unit: "1",
    empty: "No host reports its file systems.",
    min: 0,
    max: 1,
    width: 8,
  },
  {
    title: "Time until a disk is full",
    description: "For each file system that fills, the time left at its present pace.",
    kind: "timeseries",
    queries: [
      metric(promql`${free} / (- deriv(${free}[6h:5m]) > 0)`, "{{host_name}} {{mountpoint}}", {
        absentWhile: "no file system fills",
      }),
    ],
    unit: "s",
    empty: "No file system fills.",
    min: 0,
    width: 8,
  },
  {
    title: "Prometheus' disk in a week",
    description: "Size of each Prometheus in a week, if it grows as it did for six hours; retention bounds it.",
    kind: "timeseries",
    queries: [metric(promql`predict_linear(${prometheusDisk}[6h:5m], ${WEEK})`, "{{instance}}")],
    unit: "By",
    empty: "No Prometheus reports its disk.",
    min: 0,
    steps: [{ from: numbers.backends.prometheusDiskGiB * GIBIBYTE, state: "critical" }],
    width: 8,
  },
];
