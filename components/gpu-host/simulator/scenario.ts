import { parseDocument } from "yaml";
import { z } from "zod";
import { ConfigError, throwIfAny, type Problem } from "../../core/errors.ts";
import { eventOf, eventSchema, type GpuEvent } from "./events.ts";

const percent = z.number().min(0).max(100);

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
  jobs: z
    .array(z.strictObject({ id: z.string().min(1), gpus: z.array(z.number().int().min(0)).min(1) }))
    .default([])
    .meta({ description: "Jobs a scheduler runs, by the GPUs it gave them: the label hpc_job." }),
  kernelLineSeconds: z.number().min(1).default(20).meta({ description: "Seconds between ordinary kernel lines." }),
  loopSeconds: z.number().positive().optional().meta({ description: "The events start again after this." }),
  events: z.array(eventOf({ atSeconds: z.number().min(0) })).default([]),
});

/** A scenario file: what the simulated host looks like and what happens to it. */
export const scenarioSchema = baseSchema.check(({ value, issues }) => {
  const refuse = (path: (string | number)[], message: string, input: unknown) =>
    issues.push({ code: "custom", path, message, input });
  const refuseUnknown = (path: (string | number)[], gpu: number | undefined) => {
    if (gpu !== undefined && gpu >= value.gpus) refuse(path, `below ${value.gpus}, the number of GPUs`, gpu);
  };
  value.events.forEach((event, index) => {
    refuseUnknown(["events", index, "gpu"], gpuOf(event));
    if (value.loopSeconds !== undefined && event.atSeconds >= value.loopSeconds)
      refuse(["events", index, "atSeconds"], `below loopSeconds, ${value.loopSeconds}`, event.atSeconds);
  });
  value.mig.forEach(({ gpu }, index) => refuseUnknown(["mig", index, "gpu"], gpu));
  value.jobs.forEach(({ gpus }, job) => gpus.forEach((gpu, index) => refuseUnknown(["jobs", job, "gpus", index], gpu)));
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
  const gpu = gpuOf(event) ?? 0;
  throwIfAny(
    gpu < gpus
      ? []
      : [{ path: "event: gpu", expected: `below ${gpus}`, got: String(gpu), fix: "name a GPU the host has" }],
  );
  return event;
}

/** The GPU an event is about; absent when it is about the host. */
function gpuOf(event: GpuEvent): number | undefined {
  return "gpu" in event ? event.gpu : undefined;
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
