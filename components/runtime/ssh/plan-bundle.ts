import { createHash } from "node:crypto";
import { ConfigError } from "../../core/errors.ts";
import type { Workload } from "../workload.ts";
import { APPLY_SCRIPT, KERNEL_LOG_SCRIPT } from "./host-scripts.ts";
import type { PlannedService } from "./host-part.ts";
import type { HostSettings } from "./host-settings.ts";
import { CONFIG_FOLDER, userName } from "./names.ts";
import { planServices } from "./plan-services.ts";
import { KERNEL_LOG_UNIT, renderKernelLogUnit, renderLogrotate, renderRsyslog } from "./render-kernel-log.ts";
import { renderPlan, type SystemFile } from "./render-plan.ts";
import { LONGEST_PATH, type TarEntry, toTar } from "./tar.ts";

/** Everything a host needs but its secrets: one file, named by what it holds. */
export interface HostBundle {
  /** First 16 digits of its digest: the folder of the version on the host. */
  readonly version: string;
  /** SHA-256 of the archive. */
  readonly sha256: string;
  /** Bytes of a tar. */
  readonly archive: Buffer;
  /** Path in the bundle to content, `manifest` included. */
  readonly files: Readonly<Record<string, string>>;
}

const SYSTEM_FILES: readonly SystemFile[] = [
  {
    source: "system/rsyslog.conf",
    destination: "/etc/rsyslog.d/40-gpu-observability.conf",
    when: "rsyslog",
    restarts: "rsyslog.service",
  },
  { source: "system/logrotate.conf", destination: "/etc/logrotate.d/gpu-observability", when: "always" },
];

/**
 * Renders the bundle of a host. Pure: the same host and workloads give the same bytes.
 *
 * @throws {ConfigError} naming every workload the host cannot run
 */
export function planBundle(host: HostSettings, workloads: readonly Workload[]): HostBundle {
  const services = planServices(host, workloads);
  const kernelLog = planKernelLog(services);
  const plan = renderPlan(host.name, [...services, ...kernelLog.services], host.programs, kernelLog.systemFiles);
  const parts: Record<string, string> = { apply: APPLY_SCRIPT, plan, ...kernelLog.files };
  for (const { unit, text, workload } of services) {
    if (text === undefined) continue;
    parts[`units/${unit}`] = text;
    for (const [path, content] of Object.entries(workload.files)) parts[`config/${workload.name}/${path}`] = content;
  }
  const files = { ...parts, manifest: renderManifest(parts) };
  const archive = toTar(Object.entries(files).map(([path, content]) => toEntry(host, path, content)));
  const sha256 = sha256Of(archive);
  return { version: sha256.slice(0, 16), sha256, archive, files };
}

/** Hosts with an agent get their kernel messages in one file and one form. */
function planKernelLog(services: readonly PlannedService[]) {
  const agent = services.find(({ workload }) => workload.service === "agent");
  if (agent === undefined) return { services: [], systemFiles: [], files: {} };
  const { health } = agent.workload;
  const script = `${CONFIG_FOLDER}/current/kernel-log`;
  const text = renderKernelLogUnit(script);
  const service: PlannedService = {
    unit: KERNEL_LOG_UNIT,
    user: userName("kernel-log"),
    workload: { name: "kernel-log", service: "kernel-log", args: [], files: {}, secretFiles: {}, health },
    // Its fingerprint must cover the script.
    text: `${text}# ${sha256Of(Buffer.from(KERNEL_LOG_SCRIPT))}\n`,
    healthUrl: "",
    probes: [],
    onlyWithoutRsyslog: true,
  };
  return {
    services: [service],
    systemFiles: SYSTEM_FILES,
    files: {
      "kernel-log": KERNEL_LOG_SCRIPT,
      [`units/${KERNEL_LOG_UNIT}`]: service.text ?? "",
      "system/rsyslog.conf": renderRsyslog(),
      "system/logrotate.conf": renderLogrotate(),
    },
  };
}

/** What `sha256sum --check` reads. */
function renderManifest(files: Readonly<Record<string, string>>): string {
  return Object.keys(files)
    .sort()
    .map((path) => `${sha256Of(Buffer.from(files[path] ?? "", "utf8"))}  ${path}\n`)
    .join("");
}

function toEntry(host: HostSettings, path: string, content: string): TarEntry {
  const isOdd = !/^[\w./-]+$/.test(path) || path.split("/").includes("..") || Buffer.byteLength(path) > LONGEST_PATH;
  if (isOdd) {
    throw new ConfigError([
      {
        path: `host ${host.name}: file ${path}`,
        expected: `letters, digits, "_", "-", "." and "/", at most ${LONGEST_PATH} bytes, no ".."`,
        got: JSON.stringify(path),
        fix: "rename the file of the workload",
      },
    ]);
  }
  return { path, content, executable: path === "apply" };
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
