import { signalsOf } from "./signal.ts";

const k = signalsOf("kernel-log", "pushed", [
  "host.name",
  "deployment.environment.name",
  "service.name",
  "service.instance.id",
]);

/**
 * What agents count in the kernel log: the second witness of a GPU fault, beside DCGM.
 *
 * A sample comes only with an event, so a series is there for the five minutes that Prometheus looks back, which is
 * also the window of `DCGM_EXP_XID_ERRORS_COUNT`. Ask whether there is a sample, `last_over_time(…[10m])`, or how
 * often one came, `count_over_time`; `rate` and `increase` need two samples and are blind to the first Xid of a GPU.
 */
export const kernel = {
  /** `nvidia.pci_bus_id` is spelt like the label `pci_bus_id` of the GPU's series; no process, no label. */
  xids: k.counter(
    "nvidia.xid.events",
    "{event}",
    "Xid lines of NVIDIA's driver in the kernel log.",
    ["nvidia.xid", "nvidia.pci_bus_id", "process.executable.name"],
    { absentWhile: "the kernel log has no Xid line" },
  ),
} as const;
