import { ENVIRONMENT_NAMES } from "../../environment/schema.ts";
import type { Platform } from "../model.ts";
import { readContainer, readPulledImage } from "./docker.ts";
import { type EngineResource, stackOf } from "./engine-resource.ts";
import { readObject } from "./kubernetes-object.ts";
import { readPodImages, readPods } from "./kubernetes-unit.ts";
import { readProcess } from "./process.ts";
import { readBundle } from "./ssh.ts";

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
