import { signalsOf } from "./signal.ts";

const k = signalsOf("kernel-log", "pushed", ["host.name", "deployment.environment.name", "service.name"]);

/** What agents count in the kernel log: the second witness of a GPU fault, beside DCGM. */
export const kernel = {
  xids: k.counter(
    "nvidia.xid.events",
    "{event}",
    "Xid lines of NVIDIA's driver in the kernel log.",
    ["nvidia.xid", "nvidia.pci_bus_id", "process.executable.name"],
    { absentWhile: "the kernel log has no Xid line" },
  ),
} as const;
