import type { Cell, VerifyReport } from "./verify.ts";

/** Signals by backends, each cell the slowest agent's latency or `MISSING`; then a reason for every missing cell. */
export function toTable({ cells, skipped }: VerifyReport): string {
  const signals = [...new Set(cells.map(({ signal }) => signal))];
  const backends = [...new Set(cells.map(({ backend }) => backend))];
  const rows = [
    ["signal", ...backends],
    ...signals.map((signal) => [
      signal,
      ...backends.map((backend) => toText(cells.filter((cell) => cell.signal === signal && cell.backend === backend))),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const reasons = cells
    .filter(({ status }) => status === "missing")
    .map(({ signal, backend, agent, reason }) => `MISSING ${signal} of ${agent} in ${backend}: ${reason ?? ""}`);
  const blocked = cells
    .filter(({ status }) => status === "blocked")
    .map(({ signal, backend, agent, reason }) => `blocked ${signal} of ${agent} in ${backend}: ${reason ?? ""}`);
  const left = Object.entries(skipped).map(([name, reason]) => `skipped ${name}: ${reason}`);
  return [
    ...lines,
    ...([...reasons, ...blocked, ...left].length > 0 ? [""] : []),
    ...reasons,
    ...blocked,
    ...left,
  ].join("\n");
}

function toText(cells: readonly Cell[]): string {
  if (cells.length === 0) return "-";
  if (cells.some(({ status }) => status === "missing")) return "MISSING";
  if (cells.some(({ status }) => status === "blocked")) return "blocked";
  return `landed ${Math.max(...cells.map(({ seconds }) => seconds)).toFixed(1)} s`;
}
