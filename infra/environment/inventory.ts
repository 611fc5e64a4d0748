import { z } from "zod";
import { groupName, host } from "./hosts.ts";

/** What a group may say of its hosts: everything but who they are. */
export const groupFields = host.omit({ name: true, groups: true }).partial();

/** Hosts that do not stand in the stack file, and what groups say of all. */
export const inventory = z.strictObject({
  file: z.string().min(1).optional().meta({ description: "File with hosts, from the folder stacks/." }),
  format: z.enum(["yaml", "csv", "ansible"]).optional().meta({
    description: "Default: yaml for .yaml and .yml, csv for .csv, ansible for .ini and names without an ending.",
  }),
  only: z
    .array(groupName)
    .min(1)
    .optional()
    .meta({ description: "Take only the file's hosts that are in one of these groups." }),
  groups: z.record(groupName, groupFields).default({}).meta({
    description: "What is true of every host of a group that does not say otherwise itself; `all` is every host.",
  }),
});

/** How a change reaches ssh hosts. */
export const rollout = z.strictObject({
  canaries: z.array(z.string().min(1)).default([]).meta({
    description: "Hosts, or groups, that get a change first; when one fails its health check, nobody else gets it.",
  }),
  waves: z
    .array(z.number().int().min(1).max(100))
    .min(1)
    .default([100])
    .refine((shares) => shares.at(-1) === 100 && shares.every((share, index) => share > (shares[index - 1] ?? 0)), {
      error: "rising percentages that end with 100, such as [5, 25, 100]",
    })
    .meta({
      description:
        "Share of the other hosts that have a change after each wave, in percent. A wave with a failure is the last.",
    }),
});
