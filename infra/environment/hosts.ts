import { z } from "zod";
import { hostConnection } from "./ssh.ts";
import { name } from "./values.ts";

/** One GPU host, or on Kubernetes one pool of GPU nodes. */
export const host = z.strictObject({
  name: name.meta({ description: "Unique name; becomes host.name on everything the host sends." }),
  runtime: z.enum(["process", "docker", "ssh", "kubernetes"]).meta({
    description: "How its agent and exporters run. A kubernetes entry stands for a pool of GPU nodes (DaemonSet).",
  }),
  address: z.string().min(1).optional().meta({ description: "Name or address to reach an ssh host by." }),
  ...hostConnection,
  gpus: z.number().int().min(1).max(64).default(8).meta({ description: "GPUs in the host." }),
  simulated: z.boolean().default(false).meta({ description: "Serve a DCGM simulator in the place of dcgm-exporter." }),
  nodeLabels: z.record(z.string(), z.string()).default({}).meta({
    description: "Labels that set a kubernetes pool's nodes apart from those of another pool.",
  }),
  scenario: z
    .enum(["healthy", "one-sick-gpu", "idle-gpu"])
    .default("healthy")
    .meta({ description: "What a simulated host plays." }),
});
