import { z } from "zod";
import { CLOCK_EVENTS, type ClockEvent } from "../../signals/dcgm.ts";

const CLOCK_EVENT_NAMES = Object.keys(CLOCK_EVENTS) as [ClockEvent, ...ClockEvent[]];
const count = z.number().int().min(0).max(1_000_000);
const celsius = z.number().min(-20).max(150);
const gpu = z.number().int().min(0).meta({ description: "Index of the GPU." });
const trace_id = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .optional()
  .meta({ description: "Trace the kernel line names, for a driver that knows it (S0-12)." });

/** How long a state lasts: until a `recover` when absent. Of counts: they grow by as much each second of it. */
const lasting = { forSeconds: z.number().positive().optional().meta({ description: "Until a recover when absent." }) };
const repeated = {
  forSeconds: z.number().positive().optional().meta({ description: "Counted each second of it; once when absent." }),
};
const workload = {
  pid: z.number().int().min(1).optional().meta({ description: "Process on the GPU; <unknown> when absent." }),
  process: z.string().min(1).optional().meta({ description: "Its name; <unknown> when absent." }),
};

const shapeOf = <Name extends string, Shape extends z.ZodRawShape>(name: Name, description: string, shape: Shape) => ({
  event: z.literal(name).meta({ description }),
  trace_id,
  ...shape,
});

// What is counted.

const ecc = shapeOf("ecc", "Memory errors; uncorrected ones also remap a row and report Xid 48 and 63.", {
  ...{ gpu, ...workload, ...repeated },
  corrected: count.default(0),
  uncorrected: count.default(0),
  alone: z.boolean().default(false).meta({ description: "Neither rows nor Xids with it." }),
});

const xid = shapeOf("xid", "A driver error: in DCGM's count, in the kernel log, or in both.", {
  ...{ gpu, ...workload },
  code: z.number().int().min(1).max(999),
  text: z.string().min(1).optional().meta({ description: "End of the kernel line; the catalogue's when absent." }),
  witness: z.enum(["both", "dcgm", "kernel"]).default("both").meta({ description: "Who notices it." }),
  count: z.number().int().min(1).max(1000).default(1),
});

const nvlink = shapeOf("nvlink", "NVLink errors of one kind, or of each.", {
  ...{ gpu, ...repeated },
  errors: count.default(1),
  kind: z.enum(["all", "crc-flit", "crc-data", "replay", "recovery"]).default("all"),
});

const pcieReplay = shapeOf("pcie-replay", "PCIe transfers that had to be repeated.", {
  gpu,
  ...repeated,
  count: count.default(1),
});

// What holds of one GPU.

const throttle = shapeOf(
  "throttle",
  "Clocks fall; the violation counter of the reason grows; a thermal reason also heats.",
  {
    ...{ gpu, ...lasting },
    reason: z.enum(CLOCK_EVENT_NAMES).default("hw_thermal"),
  },
);

const rowRemap = shapeOf("row-remap", "Memory rows are to be replaced at the next reset, or cannot be.", {
  ...{ gpu, ...lasting },
  pending: z.boolean().default(true),
  failed: z.boolean().default(false),
  corrected: count.default(0).meta({ description: "Rows remapped so far for corrected errors." }),
  uncorrected: count.default(0).meta({ description: "Rows remapped so far for uncorrected errors." }),
});

const retiredPages = shapeOf("retired-pages", "Memory pages are to be retired (GPUs before Ampere).", {
  ...{ gpu, ...lasting },
  pending: count.default(1),
  corrected: count.default(0).meta({ description: "Pages retired so far for corrected errors." }),
  uncorrected: count.default(0).meta({ description: "Pages retired so far for uncorrected errors." }),
});

const hot = shapeOf("hot", "Temperatures stay at exactly these values.", {
  ...{ gpu, ...lasting },
  celsius: celsius.optional().meta({ description: "Of the GPU; its own when absent." }),
  memoryCelsius: celsius.optional().meta({ description: "Of its memory; 7 above the GPU's own when absent." }),
});

const memoryFull = shapeOf("memory-full", "A share of the memory is in use.", {
  ...{ gpu, ...lasting },
  percent: z.number().min(0).max(100).default(99),
});

const idle = shapeOf("idle", "No work, whatever job it is allocated to.", { gpu, ...lasting });

const job = shapeOf("job", "Allocates the GPU to a job, or frees it.", {
  gpu,
  id: z.string().min(1).optional().meta({ description: "Label hpc_job; the GPU is free when absent." }),
});

const fallenOff = shapeOf("fallen-off", "Off the bus (Xid 79): its values are no longer served.", {
  ...{ gpu, ...workload, ...lasting },
  wording: z
    .enum(["xid", "plain", "both"])
    .default("both")
    .meta({ description: "Whether the kernel line has the word Xid: some drivers print one without." }),
});

// What holds of the host, and the end of it all.

const fabricManager = shapeOf(
  "fabric-manager",
  "Status of the host's fabric manager: 1 not started, 2 in progress, 3 works, 4 failed.",
  {
    ...lasting,
    status: z.number().int().min(0).max(6).default(4),
  },
);

const exporter = shapeOf(
  "exporter",
  "How the exporter answers for /metrics; /health says OK throughout, as the real one does.",
  {
    ...lasting,
    mode: z.enum(["hang", "stale", "error", "restart"]).meta({
      description: "Never, with the values of before, with 500; restart forgets the Xids and clock events it counted.",
    }),
  },
);

const recover = shapeOf("recover", "Healthy again; counts and job stay. Without gpu the whole host.", {
  gpu: gpu.optional(),
});

/**
 * What can happen to a simulated host, in the words of a scenario file and of `POST /events`. A scenario adds
 * `atSeconds`. The README of components/gpu-host has the table.
 */
export const eventOf = <When extends z.ZodRawShape>(when: When) => {
  const of = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject({ ...when, ...shape });
  return z.discriminatedUnion("event", [
    of(ecc),
    of(xid),
    of(nvlink),
    of(pcieReplay),
    of(throttle),
    of(rowRemap),
    of(retiredPages),
    of(hot),
    of(memoryFull),
    of(idle),
    of(job),
    of(fallenOff),
    of(fabricManager),
    of(exporter),
    of(recover),
  ]);
};

export const eventSchema = eventOf({});
/** One event, defaults filled in. */
export type GpuEvent = z.infer<typeof eventSchema>;
