import { z } from "zod";

const positive = z.number().positive();

/** What an environment may cost; `npm run report` warns past it. */
export const budgetSchema = z
  .strictObject({
    activeSeries: z.number().int().min(1).optional().meta({ description: "Active series of one Prometheus." }),
    samplesPerSecond: positive.optional().meta({ description: "Samples a second of one Prometheus." }),
    storageGiB: positive.optional().meta({ description: "Disk of all backends, object storage included, in GiB." }),
  })
  .meta({ description: "Limits of what the environment may cost: `npm run report` warns past them." });

/** What applications are expected to send; nothing limits them to it. */
export const loadSchema = z
  .strictObject({
    poolNodes: z.number().int().min(1).default(1).meta({ description: "Nodes in each pool of GPU nodes." }),
    servicesPerHost: z.number().min(0).default(4).meta({ description: "Instrumented services on one host." }),
    operationsPerService: z.number().min(0).default(5).meta({ description: "Span names of one service." }),
    seriesPerService: z.number().min(0).default(20).meta({ description: "Series of a service's own metrics." }),
    spansPerSecond: z.number().min(0).default(50).meta({ description: "Spans a second of one host, before sampling." }),
    logLinesPerSecond: z.number().min(0).default(10).meta({ description: "Log lines a second of one host." }),
    alwaysKept: z.number().min(0).max(1).default(0.02).meta({ description: "Share of traces with errors or slow." }),
  })
  .meta({ description: "What applications are expected to send, for `npm run report` alone." });

export type Budget = z.infer<typeof budgetSchema>;
export type Load = z.infer<typeof loadSchema>;

/** The load of an environment that states none. */
export const EXPECTED_LOAD: Load = loadSchema.parse({});
