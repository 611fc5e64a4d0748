import { ENVIRONMENT_NAMES } from "../../environment/schema.ts";
import type { Platform } from "../model.ts";
import { CONTAINER, IMAGE, readContainer, readPulledImage } from "./docker.ts";
import { type EngineResource, stackOf } from "./engine-resource.ts";
import { isKubernetes, readObject } from "./kubernetes-object.ts";
import { readPodImages, readPods } from "./kubernetes-unit.ts";
import { PROCESS, readProcess } from "./process.ts";
import { readBundle } from "./ssh.ts";

/** Types whose inputs a reader looks at, bundles apart; what a host of a fleet has is of none of them. */
export function isRead(type: string): boolean {
  return [PROCESS, CONTAINER, IMAGE].includes(type) || isKubernetes(type);
}

/**
 * The platform the engine is about to make. Its environment is the stack's name; a stack of another name is
 * judged as production, the strictest.
 */
export function readPlatform(resources: readonly EngineResource[]): Platform {
  const stack = stackOf(resources[0]?.urn ?? "");
  const objects = resources.flatMap(readObject);
  return {
    environment: ENVIRONMENT_NAMES.find((name) => name === stack) ?? "production",
    units: [
      ...resources.flatMap(readProcess),
      ...resources.flatMap(readContainer),
      ...resources.flatMap(readBundle),
      ...readPods(objects),
    ],
    images: [...resources.flatMap(readPulledImage), ...readPodImages(objects)],
    objects,
  };
}
