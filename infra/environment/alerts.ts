import { z } from "zod";
import { ALERT_AREAS, AREAS } from "../../components/alerts/areas.ts";
import type { Inventory } from "../../components/alerts/area.ts";
import { defaultsOf } from "../../components/alerts/threshold.ts";
import type { Problem } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
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
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        "Address under which the pages of infra/runbooks/alerts are published, such as that of the folder on a Git server. Default: notifications name the page's path in the repository.",
    }),
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

/** An inventory with everything in it: under it every alert there is exists. */
export const EVERYTHING: Inventory = {
  hosts: [
    { name: "host", gpus: 8, pool: false },
    { name: "pool", gpus: 8, pool: true },
  ],
  gateways: 2,
  prometheus: 2,
  alertmanagers: 3,
  backends: ["tempo", "loki", "jaeger", "greptimedb", "grafana"],
  memoryMiB: { gateway: 512, agent: 512 },
};

/** Names under `alerts.disabled` that are neither an area nor an alert: a typo would leave the alert on. */
export function findUnknownAlerts(disabled: readonly string[], at: (path: string) => string): readonly Problem[] {
  const known = AREAS.flatMap((area) => [
    area.name,
    ...area.alerts(defaultsOf(area.thresholds), EVERYTHING).map(({ name }) => name),
  ]);
  return disabled.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            path: at(`alerts.disabled[${index}]`),
            expected: `an area (${AREAS.map((area) => area.name).join(", ")}) or the name of an alert`,
            got: `"${name}"`,
            fix: `${didYouMean(name, known)}infra/runbooks/README.md lists every alert`,
          },
        ],
  );
}
