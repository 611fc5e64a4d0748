import { z } from "zod";
import { hostConnection } from "./ssh.ts";
import { name } from "./values.ts";

/** A group of hosts, as inventories name them. */
export const groupName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/, "letters, digits, underscores, dots and hyphens, at most 63 long");

/** No key needs to be spelt anew on its way to a label of Prometheus, and no value is a variable to a collector. */
const labels = z.record(
  z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "lower-case letters, digits and underscores, at most 40 long"),
  z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,62}$/,
      "letters, digits, spaces and . _ : / -, at most 63 long (numbers in quotes)",
    ),
);

/** One GPU host, or on Kubernetes one pool of GPU nodes. */
export const host = z.strictObject({
  name: name.meta({ description: "Unique name; becomes host.name on everything the host sends." }),
  runtime: z.enum(["process", "docker", "ssh", "kubernetes"]).meta({
    description:
      "How its agent and exporters run. A kubernetes entry stands for a pool of GPU nodes (DaemonSet). Default in an inventory's file: ssh.",
  }),
  address: z.string().min(1).optional().meta({ description: "Name or address to reach an ssh host by." }),
  ...hostConnection,
  groups: z.array(groupName).default([]).meta({
    description: "Groups it is in, for inventory.groups and rollout.canaries; the later one counts more.",
  }),
  labels: labels.default({}).meta({
    description: "What else to know of it; everything it sends carries each as the attribute host.label.<key>.",
  }),
  state: z.enum(["active", "drained", "quarantined"]).default("active").meta({
    description:
      "drained: watched and updated, but its alerts tell nobody. quarantined (ssh): `up` neither reaches nor changes it, and its alerts tell nobody.",
  }),
  gpus: z.number().int().min(1).max(64).default(8).meta({ description: "GPUs in the host." }),
  gpuModel: z.string().min(1).max(63).optional().meta({ description: "Their model, such as H100 SXM5 80GB." }),
  simulated: z.boolean().default(false).meta({ description: "Serve a DCGM simulator in the place of dcgm-exporter." }),
  nodeLabels: z.record(z.string(), z.string()).default({}).meta({
    description: "Labels that set a kubernetes pool's nodes apart from those of another pool.",
  }),
  scenario: z.enum(["healthy", "one-sick-gpu", "idle-gpu"]).default("healthy").meta({
    description:
      "What a simulated host plays. healthy: nothing is wrong; one-sick-gpu: a GPU runs hot, has memory errors and leaves the bus, every ten minutes; idle-gpu: a job holds a GPU without using it.",
  }),
});
