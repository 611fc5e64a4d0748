import { parseDocument } from "yaml";
import { z } from "zod";
import { CLOCK_EVENTS, type ClockEvent } from "../../signals/dcgm.ts";
import { ConfigError, throwIfAny, type Problem } from "../../core/errors.ts";

const CLOCK_EVENT_NAMES = Object.keys(CLOCK_EVENTS) as [ClockEvent, ...ClockEvent[]];
const percent = z.number().min(0).max(100);
const count = z.number().int().min(0).max(1_000_000);

const target = {
  gpu: z.number().int().min(0).meta({ description: "Index of the GPU." }),
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .meta({ description: "Trace the kernel line names, for a driver that knows it (S0-12)." }),
};
const workload = {
  pid: z.number().int().min(1).optional().meta({ description: "Process on the GPU; <unknown> when absent." }),
  process: z.string().min(1).optional().meta({ description: "Its name; <unknown> when absent." }),
};

/** What can happen to a GPU; a scenario adds when. */
const eventOf = <When extends z.ZodRawShape>(when: When) =>
  z.discriminatedUnion("event", [
    z.strictObject({
      ...target,
      ...when,
      event: z.literal("throttle").meta({ description: "Clocks fall; the violation counter of the reason grows." }),
      reason: z.enum(CLOCK_EVENT_NAMES).default("hw_thermal"),
      forSeconds: z.number().positive().optional().meta({ description: "Until a recover event when absent." }),
    }),
    z.strictObject({
      ...target,
      ...workload,
      ...when,
      event: z.literal("ecc").meta({ description: "Memory errors; uncorrected ones also report Xid 48 and 63." }),
      corrected: count.default(0),
      uncorrected: count.default(0),
    }),
    z.strictObject({
      ...target,
      ...workload,
      ...when,
      event: z.literal("xid"),
      code: z.number().int().min(1).max(999),
      text: z.string().min(1).optional().meta({ description: "End of the kernel line; the catalogue's when absent." }),
    }),
    z.strictObject({
      ...target,
      ...workload,
      ...when,
      event: z.literal("fallen-off").meta({ description: "Off the bus (Xid 79): its values are no longer served." }),
      wording: z
        .enum(["xid", "plain", "both"])
        .default("both")
        .meta({ description: "Whether the kernel line has the word Xid: some drivers print one without." }),
    }),
    z.strictObject({
      ...target,
      ...when,
      event: z.literal("recover").meta({ description: "Healthy again; counts stay." }),
    }),
  ]);

const eventSchema = eventOf({});
/** One event, defaults filled in. */
export type GpuEvent = z.infer<typeof eventSchema>;

const baseSchema = z.strictObject({
  gpus: z.number().int().min(1).max(64).default(8),
  model: z.string().min(1).default("NVIDIA H100 80GB HBM3"),
  driverVersion: z.string().min(1).default("580.95.05"),
  load: z
    .strictObject({ lowPercent: percent, highPercent: percent, periodSeconds: z.number().min(2) })
    .default({ lowPercent: 35, highPercent: 96, periodSeconds: 300 })
    .meta({ description: "Utilization of every GPU: a slow wave, each GPU a little later than the one before." }),
  mig: z
    .array(
      z.strictObject({
        gpu: z.number().int().min(0),
        instances: z
          .array(
            z.strictObject({ profile: z.string().min(1), id: z.number().int().min(0), share: z.number().gt(0).max(1) }),
          )
          .min(1),
      }),
    )
    .default([])
    .meta({ description: "GPUs in MIG mode; share is the part of the GPU's memory an instance has." }),
  kernelLineSeconds: z.number().min(1).default(20).meta({ description: "Seconds between ordinary kernel lines." }),
  loopSeconds: z.number().positive().optional().meta({ description: "The events start again after this." }),
  events: z.array(eventOf({ atSeconds: z.number().min(0) })).default([]),
});

/** A scenario file: what the simulated host looks like and what happens to it. */
export const scenarioSchema = baseSchema.check(({ value, issues }) => {
  const refuse = (path: (string | number)[], message: string, input: unknown) =>
    issues.push({ code: "custom", path, message, input });
  value.events.forEach(({ atSeconds, gpu }, index) => {
    if (gpu >= value.gpus) refuse(["events", index, "gpu"], `below ${value.gpus}, the number of GPUs`, gpu);
    if (value.loopSeconds !== undefined && atSeconds >= value.loopSeconds)
      refuse(["events", index, "atSeconds"], `below loopSeconds, ${value.loopSeconds}`, atSeconds);
  });
  value.mig.forEach(({ gpu }, index) => {
    if (gpu >= value.gpus) refuse(["mig", index, "gpu"], `below ${value.gpus}, the number of GPUs`, gpu);
  });
});

/** A scenario, defaults filled in. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** A scenario as written. */
export type ScenarioInput = z.input<typeof baseSchema>;

/**
 * Reads a scenario file.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseScenario(text: string, file: string): Scenario {
  const document = parseDocument(text, { version: "1.1" });
  const [error] = document.errors;
  if (error !== undefined)
    throw new ConfigError([
      { path: file, expected: "YAML", got: error.message.split("\n")[0] ?? "", fix: `mend ${file}` },
    ]);
  return parseOrThrow(scenarioSchema, document.toJS(), file);
}

/**
 * Reads one event.
 *
 * @throws {ConfigError} with every problem of the event
 */
export function parseEvent(value: unknown, gpus: number): GpuEvent {
  const event = parseOrThrow(eventSchema, value, "event");
  throwIfAny(
    event.gpu < gpus
      ? []
      : [{ path: "event: gpu", expected: `below ${gpus}`, got: String(event.gpu), fix: "name a GPU the host has" }],
  );
  return event;
}

function parseOrThrow<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => toProblem(issue, file)));
}

function toProblem(issue: z.core.$ZodIssue, file: string): Problem {
  const path = `${file}: ${issue.path.length === 0 ? "(whole file)" : issue.path.join(".")}`;
  if (issue.code === "unrecognized_keys")
    return {
      path,
      expected: "known keys",
      got: issue.keys.map((key) => `"${key}"`).join(", "),
      fix: "remove or rename them",
    };
  return { path, expected: issue.message, got: JSON.stringify(issue.input) ?? "nothing", fix: `change ${path}` };
}
