import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../core/errors.ts";
import type { Delivery } from "../runtime.ts";
import type { ContainerPlan, FileContent, PlannedFile } from "./container-plan.ts";
import { isSecret } from "./plan-files.ts";

/** Seconds a program has to finish what it holds before it is killed. */
const GRACE_SECONDS = 30;

/** What the engine's other resources bring. */
export interface ContainerSurroundings {
  readonly imageId: pulumi.Input<string>;
  readonly network: pulumi.Input<string>;
  readonly delivery: Delivery;
}

/** A plan in the words of the Docker provider. */
export function toContainerArgs(plan: ContainerPlan, surroundings: ContainerSurroundings): docker.ContainerArgs {
  const { imageId, network, delivery } = surroundings;
  const { healthCheck, image, hostProcesses } = plan;
  return {
    name: plan.name,
    hostname: plan.alias,
    image: imageId,
    ...(image.command === undefined ? {} : { entrypoints: [...image.command] }),
    command: [...plan.args],
    envs: Object.entries(plan.env).map(([name, value]) => `${name}=${value}`),
    networksAdvanced: [{ name: network, aliases: [plan.alias] }],
    ports: plan.ports.map(({ address, port, protocol }) => ({ internal: port, external: port, ip: address, protocol })),
    volumes: [
      ...plan.volumes.map(({ name, mountPath, readOnly }) => ({
        volumeName: name,
        containerPath: mountPath,
        readOnly,
      })),
      ...plan.binds.map(({ hostPath, mountPath }) => ({ hostPath, containerPath: mountPath, readOnly: true })),
    ],
    uploads: [...ownVolumes(plan), ...plan.files.map((file) => toUpload(plan, file, delivery))],
    ...confinement(plan),
    ...(hostProcesses ? { pidMode: "host" } : {}),
    ...(plan.gpus ? { gpus: "all" } : {}),
    restart: "unless-stopped",
    destroyGraceSeconds: GRACE_SECONDS,
    logDriver: "json-file",
    logOpts: { "max-size": `${Math.max(1, Math.floor(plan.logCapMiB / 2))}m`, "max-file": "2" },
    labels: Object.entries(plan.labels).map(([label, value]) => ({ label, value })),
    ...(healthCheck === undefined ? {} : toHealth(healthCheck)),
  };
}

/** What the container may not do. */
function confinement({ user, capabilities, memoryMiB, cpuShares, readOnlyRoot }: ContainerPlan) {
  return {
    user: `${user}:${user}`,
    capabilities: { drops: ["ALL"], adds: [...capabilities] },
    securityOpts: ["no-new-privileges:true"],
    memory: memoryMiB,
    // No swap on top.
    memorySwap: memoryMiB,
    cpuShares,
    readOnly: readOnlyRoot,
    tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m" },
  };
}

/**
 * A new volume belongs to root, and an image without a shell cannot change that: the folder is uploaded once more, empty,
 * with the owner it needs. A name with a slash at its end makes an archive's entry a folder.
 */
function ownVolumes({ volumes, user }: ContainerPlan) {
  return volumes
    .filter(({ readOnly }) => !readOnly)
    .map(({ mountPath }) => ({
      file: `${mountPath}/`,
      source: "/dev/null",
      owner: user,
      group: user,
      permissions: "0700",
    }));
}

function toUpload(plan: ContainerPlan, file: PlannedFile, delivery: Delivery) {
  const secret = isSecret(file);
  const value = contentOf(plan, file.content, delivery);
  return {
    file: file.path,
    content: secret ? pulumi.secret(value) : value,
    owner: secret ? plan.user : "0",
    group: secret ? plan.user : "0",
    permissions: secret ? "0400" : "0444",
  };
}

function contentOf(
  { alias }: ContainerPlan,
  content: FileContent,
  { secrets, certificate }: Delivery,
): pulumi.Input<string> {
  if ("text" in content) return content.text;
  if ("secret" in content) return secrets[content.secret] ?? missing(alias, `secret ${content.secret}`);
  if (certificate === undefined) return missing(alias, "a certificate");
  const { certPem, keyPem, caPem } = certificate;
  return { cert: certPem, key: keyPem, ca: caPem }[content.certificate];
}

function toHealth({ command, deadlineSeconds }: NonNullable<ContainerPlan["healthCheck"]>) {
  return {
    healthcheck: {
      tests: ["CMD", ...command],
      interval: "5s",
      timeout: "10s",
      // Not counted as failures until the deadline has passed.
      startPeriod: toGoDuration(deadlineSeconds),
      retries: 3,
    },
    wait: true,
    waitTimeout: deadlineSeconds,
  };
}

/** As Go writes it, which is how the plugin reads it back: another spelling would be a difference for ever. */
function toGoDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

function missing(workload: string, what: string): never {
  throw new ConfigError([
    {
      path: `workload ${workload}`,
      expected: what,
      got: "none",
      fix: "deliver it where the Service of the workload is made",
    },
  ]);
}
