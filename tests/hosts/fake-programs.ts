import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import type { HostSettings } from "../../components/runtime/ssh/host-settings.ts";
import { type HostBundle, planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import { hostWorkloads, type WorkloadOptions } from "../unit/ssh/host-fixture.ts";
import type { FakeHost } from "./fake-host.ts";

/** Programs of a fake host that do nothing; its DCGM exporter comes by a way of its own. */
export function fakePrograms(host: FakeHost): Readonly<Record<string, HostProgram>> {
  const script = "#!/bin/sh\n";
  return { otelcol: host.archive("otelcol", script), node_exporter: host.archive("node_exporter", script) };
}

/** The bundle of a fake host whose DCGM exporter comes in one of the three ways. */
export function bundleWith(
  programs: HostSettings["programs"],
  dcgmExporter: NonNullable<HostSettings["dcgmExporter"]>,
  options: WorkloadOptions = {},
): HostBundle {
  return planBundle({ name: "gpu-1", programs, dcgmExporter }, hostWorkloads(options));
}
