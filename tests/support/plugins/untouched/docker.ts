// Stands in for the `docker` plugin in benchmarks alone: keeps what it was given and reaches no engine.
import { randomBytes } from "node:crypto";
import { servePlugin } from "../serve.ts";
import type { ResourceKind } from "../resource-kind.ts";

const made = (outputs: (name: string) => Readonly<Record<string, unknown>>): ResourceKind => ({
  replacedBy: () => [],
  stable: true,
  create: (_inputs, { name }) =>
    Promise.resolve({ id: `${name}-${randomBytes(4).toString("hex")}`, outputs: { ...outputs(name) } }),
  update: ({ olds }) => Promise.resolve(olds),
});

const KINDS = {
  "docker:index/container:Container": made(() => ({})),
  "docker:index/network:Network": made(() => ({})),
  "docker:index/volume:Volume": made(() => ({})),
  "docker:index/remoteImage:RemoteImage": made((name) => ({ imageId: `sha256:${name}`, repoDigest: "" })),
};

await servePlugin({
  sdk: "@pulumi/docker",
  version: "5.2.0",
  kindOf: (token) => KINDS[token as keyof typeof KINDS],
});
