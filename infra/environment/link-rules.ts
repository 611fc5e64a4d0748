import type { Problem } from "../../components/core/errors.ts";
import type { Environment } from "./schema.ts";

/** Rules between the addresses that people open and what would lead there. */
export function findLinkProblems({ runtime, grafana }: Environment, at: (path: string) => string): readonly Problem[] {
  const { publicUrl, external } = grafana;
  if (publicUrl === undefined) return [];
  const problem = { path: at("grafana.publicUrl"), got: publicUrl };
  if (external !== undefined) {
    const expected = "no address beside that of grafana.external, to which links lead";
    return [{ ...problem, expected, fix: "remove grafana.publicUrl, or grafana.external" }];
  }
  if (runtime !== "kubernetes") return [];
  const expected = "kubernetes.ingress: without one the network policy lets nobody reach Grafana";
  const { hostname } = new URL(publicUrl);
  const fix = `remove grafana.publicUrl, and set kubernetes.ingress: { host: ${hostname}, tls: … }`;
  return [{ ...problem, expected, fix }];
}
