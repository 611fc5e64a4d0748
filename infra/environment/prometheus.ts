import { z } from "zod";
import { externalPrometheus } from "./external-prometheus.ts";
import { goDuration, memoryMiB, prometheusDuration } from "./values.ts";

/** Where metrics are kept and rules are judged. */
export const prometheus = z.strictObject({
  replicas: z.number().int().min(1).max(2).default(2),
  retention: prometheusDuration.default("15d"),
  outOfOrderWindow: prometheusDuration.default("30m"),
  volumeMiB: z.number().int().min(1024).default(20_480).meta({ description: "Disk of one replica, in MiB." }),
  evaluationInterval: goDuration.default("15s").meta({ description: "How often rules and alerts are evaluated." }),
  memoryMiB: memoryMiB.default(2048),
  external: externalPrometheus.optional().meta({
    description: "A Prometheus run by somebody else, used in the place of one of our own and of our Alertmanager.",
  }),
});
