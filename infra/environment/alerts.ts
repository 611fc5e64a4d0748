import { z } from "zod";
import { ALERT_AREAS } from "../../components/alerts/areas.ts";
import type { ThresholdTable } from "../../components/alerts/threshold.ts";

type Areas = typeof ALERT_AREAS;
type Thresholds<Table extends ThresholdTable> = z.ZodPrefault<
  z.ZodObject<{ -readonly [Name in keyof Table]: z.ZodDefault<z.ZodNumber> }, z.core.$strict>
>;
const areas = Object.fromEntries(
  Object.entries(ALERT_AREAS).map(([name, { thresholds }]) => [name, thresholdsSchema(thresholds)]),
) as unknown as { [Area in keyof Areas]: Thresholds<Areas[Area]["thresholds"]> };

/** `alerts:` of an environment: a key per area, with the thresholds that area defines. */
export const alertsSchema = z.strictObject({
  disabled: z.array(z.string()).default([]).meta({ description: "Areas or alerts that do not apply here, by name." }),
  runbooks: z
    .string()
    .default("infra/runbooks/alerts")
    .meta({ description: "Address of the folder of runbook pages; links in notifications start with it." }),
  ...areas,
});

function thresholdsSchema<Table extends ThresholdTable>(table: Table): Thresholds<Table> {
  const entries = Object.entries(table).map(([name, { default: value, unit, meaning }]) => [
    name,
    z
      .number()
      .min(0)
      .default(value)
      .meta({ description: `${meaning} Unit: ${unit}.` }),
  ]);
  return z.strictObject(Object.fromEntries(entries)).prefault({}) as unknown as Thresholds<Table>;
}
