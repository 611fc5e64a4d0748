import { expect, it } from "vitest";
import type { Unit } from "../../infra/policy/model.ts";
import { gpuExporterMemory } from "../../infra/policy/rules/gpu-memory.ts";
import { readPlatform } from "../../infra/policy/read/platform.ts";
import { bundleResource } from "./bundles.ts";

const INVENTORY = `groups:
  - name: inventory
    rules:
      - { record: "host:gpu_expected:count", expr: vector(1), labels: { host_name: gpu } }
      - { record: "host:gpu_expected:count", expr: vector(8), labels: { host_name: gpu-1 } }
`;

/** Prometheus with the inventory, and the exporters of hosts with so much memory each. */
function unitsWith(hosts: readonly string[], memoryMiB: number): readonly Unit[] {
  const [one] = readPlatform([bundleResource("gpu-1")]).units;
  if (one === undefined) throw new Error("a bundle without units");
  const prometheus = { ...one, name: "prometheus", program: "prometheus", files: { "rules.yml": INVENTORY } };
  const exporters = hosts.map((host) => ({
    ...one,
    where: host,
    name: `${host}-dcgm-exporter`,
    program: "dcgm-exporter",
    limits: { memoryMiB },
  }));
  return [prometheus, ...exporters];
}

it("rejects an exporter by the GPUs of its own host, not of one whose name its host's begins with", () => {
  const units = unitsWith(["gpu", "gpu-1"], 512);
  const found = gpuExporterMemory.check({ environment: "production", units, images: [], objects: [] });
  expect(found.map(({ where, what }) => `${where}: ${what}`)).toEqual(["gpu-1: limit of 512 MiB, 8 GPUs need 768 MiB"]);
});
