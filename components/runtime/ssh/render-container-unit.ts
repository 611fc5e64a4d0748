import type { Workload } from "../workload.ts";
import type { DcgmExporterSource } from "./host-settings.ts";
import { renderLife, renderUnitSection } from "./render-unit.ts";
import { toCommandLine, toUnitText } from "./unit-text.ts";

/** Where a container sees the configuration of its workload: the same path as on the host. */
type ContainerSource = Extract<DcgmExporterSource, { kind: "container" }>;

/**
 * The unit of a DCGM exporter in a container with the NVIDIA runtime.
 *
 * The unit itself runs as root without a sandbox, because the engine's client needs the engine's socket; the sandbox is
 * the container's: read-only, no capability but SYS_ADMIN (profiling counters), limits of its own.
 */
export function renderContainerUnit(
  workload: Workload,
  { engine = "docker", image }: ContainerSource,
  config: string,
): string {
  const { name, args, env, resources } = workload;
  const program = `/usr/bin/${engine}`;
  const gpus = engine === "docker" ? ["--gpus", "all"] : ["--device", "nvidia.com/gpu=all"];
  const run = [
    ...[program, "run", "--rm", "--name", name, "--network", "host", ...gpus],
    ...["--read-only", "--cap-drop", "ALL", "--cap-add", "SYS_ADMIN", "--security-opt", "no-new-privileges"],
    ...["--memory", `${resources.memoryMiB}m`, "--pids-limit", "256", "--log-driver", "none"],
    ...["--volume", `${config}:${config}:ro`],
    ...Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...[image, ...args],
  ];
  return toUnitText({
    Unit: [
      ...renderUnitSection(workload.service),
      ...(engine === "docker"
        ? ([
            ["Requires", "docker.service"],
            ["After", "docker.service"],
          ] as const)
        : []),
    ],
    Service: [
      ["Type", "exec"],
      ["ExecStartPre", `-${toCommandLine([program, "rm", "--force", name])}`],
      ["ExecStart", toCommandLine(run)],
      ["ExecStop", `-${toCommandLine([program, "stop", "--time", "10", name])}`],
      ...renderLife(workload),
    ],
    Install: [["WantedBy", "multi-user.target"]],
  });
}
