import { CATALOGUE } from "../../toolchain/catalogue.ts";
import type { PolicyRule } from "../model.ts";
import { digestOf, repositoryOf, tagOf } from "../read/program.ts";

/** Tags that mean another image tomorrow. */
const MOVING = new Set(["latest", "main", "master", "edge", "nightly", "dev", "stable"]);

/** Digests the project knows, by repository and tag. */
const DIGESTS = new Map(
  Object.values(CATALOGUE.sources).flatMap(({ image }) => {
    const digest = image === undefined ? undefined : digestOf(image);
    return image === undefined || digest === undefined ? [] : [[`${lastOf(image)}:${tagOf(image)}`, digest] as const];
  }),
);

/** Every image is one version, and the very bytes where the project knows them. */
export const imagesPinned: PolicyRule = {
  name: "images-pinned",
  description: "Every image names a version, never a tag that moves, and its digest where versions.json knows it.",
  fix: "state the image with its version in infra/toolchain/versions.json",
  check: ({ images }) =>
    images.flatMap(({ where, urn, image }) => {
      const what = faultOf(image);
      return what === undefined ? [] : [{ where, urn, what }];
    }),
};

function faultOf(image: string): string | undefined {
  const [tag, digest] = [tagOf(image), digestOf(image)];
  if (image === "") return "no image is stated";
  if (tag === "" && digest === undefined) return `image ${image} has no version, which means latest`;
  if (MOVING.has(tag)) return `image ${image} is another one tomorrow`;
  const known = DIGESTS.get(`${lastOf(image)}:${tag}`);
  if (known !== undefined && digest !== known) return `image ${image} is not the known ${known}`;
  return undefined;
}

/** A mirror keeps the last part of the repository's name. */
function lastOf(image: string): string {
  return repositoryOf(image).split("/").at(-1) ?? image;
}
