import { crawler, media, mlx, satellite, serviceGraph, spans, volnux } from "./applications.ts";
import { alertmanager, jaeger, loki, process, prometheus, scrape, tempo } from "./backends.ts";
import { collector } from "./collector.ts";
import { gpu } from "./gpu.ts";
import { host, node } from "./host.ts";
import { kernel } from "./kernel.ts";
import type { SignalDefinition } from "./signal.ts";

/** Every metric this platform knows, by who it is about. */
export const CATALOGUE = {
  gpu,
  kernel,
  node,
  host,
  collector,
  prometheus,
  alertmanager,
  tempo,
  loki,
  jaeger,
  process,
  scrape,
  spans,
  serviceGraph,
  volnux,
  satellite,
  media,
  mlx,
  crawler,
} as const;

export const ALL_SIGNALS: readonly SignalDefinition[] = Object.values(CATALOGUE).flatMap((group) =>
  Object.values<SignalDefinition>(group),
);
