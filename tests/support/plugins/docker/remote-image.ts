import type Docker from "dockerode";
import type { ResourceKind } from "../resource-kind.ts";
import { forget, found, toClient } from "./client.ts";

interface ImageInputs {
  readonly name: string;
  readonly keepLocally?: boolean;
  readonly forceRemove?: boolean;
  readonly platform?: string;
}

/** `docker:index/remoteImage:RemoteImage`: pulled when the engine does not have it. */
export const remoteImage: ResourceKind = {
  replacedBy: (changed) => changed.filter((name) => !["keepLocally", "forceRemove"].includes(name)),
  stable: true,
  validate: ({ build }) =>
    build === undefined ? [] : [{ property: "build", reason: "this stand-in builds no images" }],
  async create(inputs, { config }) {
    const { name, platform } = inputs as unknown as ImageInputs;
    const client = toClient(config);
    if ((await imageOf(client, name)) === undefined) await pull(client, name, platform);
    const image = await imageOf(client, name);
    if (image === undefined) throw new Error(`Unable to read Docker image ${name} after it was pulled`);
    return { id: `${image.imageId}${name}`, outputs: image };
  },
  async read(_id, { name }, { config }) {
    return imageOf(toClient(config), String(name));
  },
  update: ({ olds }) => Promise.resolve({ imageId: olds["imageId"], repoDigest: olds["repoDigest"] }),
  async delete(_id, state, { config }) {
    const { name, keepLocally, forceRemove = false } = state as unknown as ImageInputs;
    if (keepLocally !== true) await forget(toClient(config).getImage(name).remove({ force: forceRemove }));
  },
};

async function imageOf(client: Docker, name: string) {
  const seen = await found(client.getImage(name).inspect());
  return seen === undefined ? undefined : { imageId: seen.Id, repoDigest: seen.RepoDigests?.[0] ?? "" };
}

async function pull(client: Docker, name: string, platform: string | undefined): Promise<void> {
  const progress = (await client.pull(name, platform === undefined ? {} : { platform })) as NodeJS.ReadableStream;
  await new Promise<void>((resolve, reject) =>
    client.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error))),
  );
}
