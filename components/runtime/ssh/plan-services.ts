import { ConfigError, type Problem } from "../../core/errors.ts";
import type { Workload } from "../workload.ts";
import { programPath } from "./host-program.ts";
import type { PlannedService } from "./host-part.ts";
import { DCGM_PACKAGE, type DcgmExporterSource, type HostSettings } from "./host-settings.ts";
import { unitName, userName } from "./names.ts";
import { DEFAULT_ENGINE, isPinned, renderContainerUnit } from "./render-container-unit.ts";
import { renderUnit } from "./render-unit.ts";

/**
 * Decides unit, program and checks of every workload of a host.
 *
 * @throws {ConfigError} naming every workload the host cannot run
 */
export function planServices(host: HostSettings, workloads: readonly Workload[]): readonly PlannedService[] {
  const problems = workloads.flatMap((workload, index) => findProblems(host, workload, workloads.slice(0, index)));
  if (problems.length > 0) throw new ConfigError(problems);
  return workloads.map((workload) => planService(host, workload));
}

function planService(host: HostSettings, workload: Workload): PlannedService {
  const base = {
    unit: unitName(workload.service),
    user: userName(workload.service),
    workload,
    healthUrl: urlOf(workload, workload.health.port, workload.health.path),
    probes: workload.service.endsWith("-exporter") ? [urlOf(workload, workload.health.port, "/metrics")] : [],
    ...(workload.ports["otlpHttp"] === undefined ? {} : { canaryUrl: urlOf(workload, "otlpHttp", "/v1/traces") }),
    onlyWithoutRsyslog: false,
  };
  if (workload.service === "dcgm-exporter" && !isOwnProgram(host, workload)) {
    return { ...base, ...planDcgmExporter(workload, host.dcgmExporter ?? { kind: "package" }) };
  }
  const program = host.programs[workload.program];
  if (program === undefined) throw new Error(`${workload.program}: checked before`);
  return { ...base, program: workload.program, text: renderUnit(workload, programPath(workload.program, program)) };
}

function planDcgmExporter(
  workload: Workload,
  source: DcgmExporterSource,
): Pick<PlannedService, "text" | "package" | "image"> {
  switch (source.kind) {
    case "container":
      return {
        text: renderContainerUnit(workload, source),
        image: { engine: source.engine ?? DEFAULT_ENGINE, name: source.image },
      };
    case "package":
      return {
        text: renderUnit(workload, DCGM_PACKAGE.program),
        package: { ...DCGM_PACKAGE, ...(source.version === undefined ? {} : { version: source.version }) },
      };
    case "existing":
      return { text: undefined };
  }
}

/** Whether the operator gave the program itself, which then stands in for NVIDIA's package. */
function isOwnProgram(host: HostSettings, workload: Workload): boolean {
  return host.dcgmExporter === undefined && host.programs[workload.program] !== undefined;
}

function findProblems(host: HostSettings, workload: Workload, earlier: readonly Workload[]): Problem[] {
  const path = `host ${host.name}: ${workload.name}`;
  const problems: Problem[] = [];
  if (earlier.some(({ service }) => service === workload.service)) {
    problems.push({
      path,
      expected: `one ${workload.service} a host`,
      got: "a second",
      fix: "put it on a host of its own",
    });
  }
  const needsProgram = workload.service !== "dcgm-exporter";
  if (needsProgram && host.programs[workload.program] === undefined) {
    problems.push({
      path: `${path}: program ${workload.program}`,
      expected: `one of ${Object.keys(host.programs).sort().join(", ")}`,
      got: "a program no host gets",
      fix: "give it a release in infra/toolchain/versions.json",
    });
  }
  const { dcgmExporter } = host;
  if (!needsProgram && dcgmExporter?.kind === "container" && !isPinned(dcgmExporter.image)) {
    problems.push({
      path: `${path}: image`,
      expected: "a version or a digest, such as name:4.5.2 or name@sha256:…",
      got: dcgmExporter.image,
      fix: "pin it in infra/toolchain/versions.json",
    });
  }
  const listener = workload.ports[workload.health.port];
  if (listener === undefined || listener.access === "password" || listener.access.startsWith("mtls")) {
    problems.push({
      path: `${path}: health.port`,
      expected: "a plaintext port, which the host itself can ask",
      got: listener === undefined ? `"${workload.health.port}", no port of it` : listener.access,
      fix: "name a plaintext port of the workload",
    });
  }
  return problems;
}

function urlOf({ ports }: Workload, port: string, path: string): string {
  const listener = ports[port];
  if (listener === undefined) return "";
  const host = ["0.0.0.0", "::"].includes(listener.host) ? "127.0.0.1" : listener.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}${path}`;
}
