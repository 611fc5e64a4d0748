import { CONTAINER_PATHS } from "../../../components/runtime/workload.ts";
import type { Mount, StatedImage, Unit } from "../model.ts";
import type { EngineResource } from "./engine-resource.ts";
import { numberAt, textAt, textsAt, treesAt } from "./known.ts";
import { programOfImage, programOfService } from "./program.ts";

export const CONTAINER = "docker:index/container:Container";
export const IMAGE = "docker:index/remoteImage:RemoteImage";

/** Label of the runtime that says what a container is; its image is an id that no preview knows. */
const SERVICE_LABEL = "gpu-observability.service";

/** The image a resource pulls; nothing for any other resource. */
export function readPulledImage({ type, urn, props }: EngineResource): readonly StatedImage[] {
  return type === IMAGE ? [{ where: `image ${textAt(props, "name")}`, urn, image: textAt(props, "name") }] : [];
}

/** The unit of a Docker container; nothing for any other resource. */
export function readContainer({ type, urn, props }: EngineResource): readonly Unit[] {
  if (type !== CONTAINER) return [];
  const name = textAt(props, "name");
  const memoryMiB = numberAt(props, "memory");
  const service = treesAt(props, "labels").find((label) => textAt(label, "label") === SERVICE_LABEL);
  const args = [...textsAt(props, "entrypoints"), ...textsAt(props, "command")];
  const onHost = textAt(props, "networkMode") === "host";
  return [
    {
      where: `container ${name}`,
      urn,
      runtime: "docker",
      name: textAt(props, "hostname") || name,
      program:
        service === undefined
          ? programOfImage(textAt(props, "image"))
          : programOfService(textAt(service, "value"), args),
      args,
      env: Object.fromEntries(textsAt(props, "envs").map(splitAtEquals)),
      files: readUploads(props),
      declared: [],
      network: { ...(onHost ? { machine: "this machine" } : {}), published: readPublished(props) },
      replicas: 1,
      mounts: [...treesAt(props, "volumes"), ...treesAt(props, "mounts")].map(readMount),
      limits: memoryMiB === undefined ? {} : { memoryMiB },
    },
  ];
}

/** Files but for the secret ones: the engine hands those to a policy in plain text, and keeps them encrypted. */
function readUploads(props: EngineResource["props"]): Readonly<Record<string, string>> {
  const secret = [CONTAINER_PATHS.tls, CONTAINER_PATHS.secrets];
  return Object.fromEntries(
    treesAt(props, "uploads")
      .map((upload): [string, string] => [textAt(upload, "file"), textAt(upload, "content")])
      .filter(([file]) => !secret.some((folder) => file.startsWith(`${folder}/`))),
  );
}

function readPublished(props: EngineResource["props"]) {
  return treesAt(props, "ports").map((port) => ({
    host: textAt(port, "ip") || "0.0.0.0",
    port: numberAt(port, "external") ?? numberAt(port, "internal") ?? 0,
    protocol: textAt(port, "protocol") || "tcp",
  }));
}

function readMount(volume: object): Mount {
  const path = textAt(volume, "containerPath") || textAt(volume, "target");
  const kept = ["volumeName", "hostPath", "source"].some((key) => textAt(volume, key) !== "");
  return { path, keeps: kept ? "host" : "none" };
}

function splitAtEquals(text: string): [string, string] {
  const index = text.indexOf("=");
  return [text.slice(0, index), text.slice(index + 1)];
}
