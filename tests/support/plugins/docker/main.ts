import { servePlugin } from "../serve.ts";
import { container } from "./container.ts";
import { network } from "./network.ts";
import { remoteImage } from "./remote-image.ts";
import { volume } from "./volume.ts";

const KINDS = {
  "docker:index/container:Container": container,
  "docker:index/network:Network": network,
  "docker:index/remoteImage:RemoteImage": remoteImage,
  "docker:index/volume:Volume": volume,
};

await servePlugin({
  sdk: "@pulumi/docker",
  version: "5.2.0",
  kindOf: (token) => KINDS[token as keyof typeof KINDS],
});
