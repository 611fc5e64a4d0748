import type { Workload } from "../workload.ts";
import { renderSandbox } from "./hardening.ts";
import type { DcgmExporterSource } from "./host-settings.ts";
import { CONFIG_FOLDER } from "./names.ts";
import { renderLife, renderUnitSection } from "./render-unit.ts";
import { type Section, toCommandLine, toUnitText } from "./unit-text.ts";

type ContainerSource = Extract<DcgmExporterSource, { kind: "container" }>;
type Engine = NonNullable<ContainerSource["engine"]>;

export const DEFAULT_ENGINE: Engine = "docker";

/**
 * The unit of a DCGM exporter in a container with the NVIDIA runtime.
 *
 * The sandbox of the program is the container's: read-only, no capability but SYS_ADMIN (profiling counters), limits of
 * its own. Docker's client is root because its socket is root's, and has a sandbox in which it reaches nothing else.
 * Podman is the engine itself: it mounts and makes namespaces, and no sandbox can be put around that.
 */
export function renderContainerUnit(workload: Workload, source: ContainerSource): string {
  const { engine = DEFAULT_ENGINE } = source;
  const { name, service } = workload;
  const program = `/usr/bin/${engine}`;
  return toUnitText({
    Unit: [...renderUnitSection(service), ...(engine === "docker" ? AFTER_DOCKER : [])],
    Service: [
      ["Type", "exec"],
      ["ExecStartPre", `-${toCommandLine([program, "rm", "--force", name])}`],
      ["ExecStart", toCommandLine([program, ...toRunArgs(workload, source)])],
      ["ExecStop", `-${toCommandLine([program, "stop", "--time", "10", name])}`],
      ...renderLife(workload),
      ...(engine === "docker" ? renderClientSandbox() : []),
    ],
    Install: [["WantedBy", "multi-user.target"]],
  });
}

/** Whether an image is named by digest or by a version that is not `latest`. */
export function isPinned(image: string): boolean {
  const [, , tag] = /^([^@]*?)(?::([^:/@]+))?$/.exec(image) ?? [];
  return /@sha256:[0-9a-f]{64}$/.test(image) || (tag !== undefined && tag !== "latest");
}

const AFTER_DOCKER: Section = [
  ["Requires", "docker.service"],
  ["After", "docker.service"],
];

/** Words of `docker run` and of `podman run`. */
function toRunArgs(
  { name, args, env, resources, files }: Workload,
  { engine = DEFAULT_ENGINE, image }: ContainerSource,
) {
  return [
    ...["run", "--rm", "--name", name, "--network", "host"],
    ...(engine === "docker" ? ["--gpus", "all"] : ["--device", "nvidia.com/gpu=all"]),
    // Upstream's chart: a read-only root needs a tmpfs.
    ...[
      "--read-only",
      "--tmpfs",
      "/tmp",
      "--cap-drop",
      "ALL",
      "--cap-add",
      "SYS_ADMIN",
      "--security-opt",
      "no-new-privileges",
    ],
    // Where SELinux is enforced, no container may open NVIDIA's devices otherwise.
    ...["--security-opt", "label=disable"],
    ...["--memory", `${resources.memoryMiB}m`, "--pids-limit", "256", "--log-driver", "none"],
    ...Object.keys(files).flatMap((path) => ["--mount", toMount(name, path)]),
    ...Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...[image, ...args],
  ];
}

/**
 * The path that the program knows is a link, which leads out of any mount of its folder: what is mounted is the file of
 * the version in force. By itself and not its folder, so that it stays when the version's folder is taken away.
 */
function toMount(workload: string, path: string): string {
  const source = `${CONFIG_FOLDER}/current/config/${workload}/${path}`;
  return `type=bind,source=${source},target=${CONFIG_FOLDER}/${workload}/${path},readonly`;
}

/** What a client of a Unix socket needs: that socket, which root's own rights open. */
function renderClientSandbox(): Section {
  const none = { groups: [], capabilities: [], devices: [], seesMounts: false, isLocal: true };
  return renderSandbox(none).map(([key, value]) => {
    // Its own settings lie in root's home folder: an empty one is no error, a closed one is.
    if (key === "ProtectHome") return [key, "tmpfs"] as const;
    return key === "RestrictAddressFamilies" ? ([key, "AF_UNIX"] as const) : ([key, value] as const);
  });
}
