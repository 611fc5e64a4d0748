import { ConfigError } from "../../components/core/errors.ts";
import { CATALOGUE, entriesOf } from "../toolchain/catalogue.ts";

/** A container image and how a program is started in it. */
export interface Image {
  /** `registry/name:version`, with `@sha256:…` where the digest is known. */
  readonly image: string;
  /** The program, where the image's own entry point would start something else. */
  readonly command?: readonly string[];
}

/**
 * The image of a program, for the runtimes that run containers.
 *
 * @param registry - a mirror that stands in the place of the image's own registry
 * @throws {ConfigError} when the program comes in no image
 */
export function resolveImage(program: string, registry?: string): Image {
  const [entry] = entriesOf([program], CATALOGUE);
  const { image, command } = entry?.source ?? {};
  if (image === undefined) {
    throw new ConfigError([
      {
        path: `infra/toolchain/versions.json: ${program}`,
        expected: "an image, for a runtime that runs containers",
        got: "none",
        fix: "run it with runtime process, or add its image",
      },
    ]);
  }
  return { image: registry === undefined ? image : mirrored(image, registry), ...(command ? { command } : {}) };
}

/** `nvcr.io/nvidia/k8s/x:1` and `grafana/loki:3` keep their paths below the mirror. */
function mirrored(image: string, registry: string): string {
  const [first = "", ...rest] = image.split("/");
  const path = /[.:]/.test(first) && rest.length > 0 ? rest.join("/") : image;
  return `${registry.replace(/\/$/, "")}/${path}`;
}
