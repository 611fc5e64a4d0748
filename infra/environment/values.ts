import { z } from "zod";
import type { GoDuration, PrometheusDuration } from "../../components/core/units.ts";

export type { PrometheusDuration };

export const goDuration = z.custom<GoDuration>(
  (value) => typeof value === "string" && /^\d+(\.\d+)?(ms|s|m|h)$/.test(value),
  {
    error: "a Go duration such as 500ms, 15s or 2h",
  },
);
export const prometheusDuration = z.custom<PrometheusDuration>(
  (value) => typeof value === "string" && /^\d+(ms|s|m|h|d|w|y)$/.test(value),
  { error: "a Prometheus duration such as 30m, 15d or 1y" },
);
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/, "lower-case letters, digits and hyphens, 2 to 40 long");
export const rate = z.number().min(0).max(1);
export const port = z.number().int().min(1).max(65_535);
export const memoryMiB = z.number().int().min(32);
export const address = z.string().regex(/^[^\s:/]+:\d{1,5}$/, "a host and a port such as otlp.example.org:4317");
export const secretName = z.string().min(1).meta({ description: "Name of the stack's secret that holds it." });
