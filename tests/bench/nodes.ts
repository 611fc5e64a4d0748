// Started by `npm run bench -- nodes`: a cluster is the tests' business, and nothing imports from them.
// Progress goes to standard error, the figures to standard output as one JSON object.
import { measure, type Round } from "./round.ts";

const GPU_NODES = (process.env["BENCH_GPU_NODES"] ?? "10,100,1000").split(",").map(Number);

const rounds: Record<string, Round> = {};
for (const nodes of GPU_NODES) rounds[`${nodes}Nodes`] = await measure(nodes, (line) => console.error(line));

const parts: readonly (keyof Round)[] = [
  "resources",
  "podsOnGpuNodes",
  "podsAmiss",
  "upSeconds",
  "upEngineSeconds",
  "unchangedUpSeconds",
  "previewSeconds",
  "bareUpSeconds",
  "bareUnchangedUpSeconds",
  "barePreviewSeconds",
  "unjudgedBarePreviewSeconds",
];
const byPart = parts.map((part) => [part, forEach((round) => round[part], part.endsWith("Seconds") ? 1 : 0)] as const);
console.log(
  JSON.stringify({
    ...Object.fromEntries(byPart),
    upRatio: forEach((round) => round.upSeconds / round.bareUpSeconds, 2),
    unchangedUpRatio: forEach((round) => round.unchangedUpSeconds / round.bareUnchangedUpSeconds, 2),
    previewRatio: forEach((round) => round.previewSeconds / round.barePreviewSeconds, 2),
  }),
);

function forEach(figure: (round: Round) => number, digits: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(rounds).map(([name, round]) => [name, Number(figure(round).toFixed(digits))]),
  );
}
