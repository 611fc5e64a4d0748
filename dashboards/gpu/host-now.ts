import { scrape } from "../../components/signals/backends.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { node } from "../../components/signals/host.ts";
import { promql } from "../../components/signals/query.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_GPU, ON_HOST } from "../library/variables.ts";
import { perGpu } from "./expressions.ts";

const ANSWERS = { "1": { text: "answers", state: "ok" }, "0": { text: "does not answer", state: "critical" } } as const;

/** A host in numbers. */
export const hostNow: readonly Panel[] = [
  {
    title: "Exporters",
    description: "Whether each exporter of the host answered its last scrape.",
    kind: "stat",
    queries: [metric(promql`min by (job) (${scrape.up}{${ON_HOST}})`, "{{job}}")],
    unit: "{state}",
    empty: "Nothing of this host is scraped: its agent is down.",
    words: ANSWERS,
    width: 8,
  },
  {
    title: "GPUs",
    description: "GPUs of the host that report.",
    kind: "stat",
    queries: [metric(promql`count(${perGpu(gpu.temperature)})`, "GPUs")],
    unit: "{gpu}",
    empty: "No GPU of this host reports.",
  },
  {
    title: "Power of its GPUs",
    description: "What the GPUs of the host draw together.",
    kind: "stat",
    queries: [metric(promql`sum(${perGpu(gpu.power)})`, "Power")],
    empty: "No GPU of this host reports.",
  },
  {
    title: "Up for",
    description: "Time since the host started. Short after a fault means that it restarted.",
    kind: "stat",
    queries: [metric(promql`min(time() - ${node.bootTime}{${ON_HOST}})`, "Up for")],
    unit: "s",
    empty: "Node exporter does not answer.",
  },
  {
    title: "Driver",
    description: "GPUs by version of NVIDIA's driver; more than one version on a host is a half-done update.",
    kind: "stat",
    queries: [
      metric(
        promql`count by (hw_driver_version) (count by (host_name, gpu, hw_driver_version) (${gpu.temperature}{${ON_GPU}}))`,
        "{{hw_driver_version}}",
      ),
    ],
    unit: "{gpu}",
    empty: "No GPU of this host reports.",
  },
];
