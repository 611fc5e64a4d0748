import { crawler } from "./crawler.ts";
import { mediaClustering } from "./media-clustering.ts";
import { mlx } from "./mlx.ts";
import { satellite } from "./satellite.ts";
import { volnux } from "./volnux.ts";

// Runs one path of every workload against an agent and prints the trace of each.
const endpoint = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "http://localhost:4317";
console.log(
  JSON.stringify({
    crawler: await crawler(endpoint),
    volnux: await volnux(endpoint),
    satellite: await satellite(endpoint),
    mediaClustering: await mediaClustering(endpoint),
    mlx: await mlx(endpoint),
  }),
);
