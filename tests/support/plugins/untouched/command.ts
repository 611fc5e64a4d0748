// Stands in for the `command` plugin in benchmarks alone: knows its resources and keeps what they were given, but
// reaches no host. What a fleet costs the engine and the program is measured without what hosts and networks cost.
import { randomBytes } from "node:crypto";
import type { ResourceKind } from "../resource-kind.ts";
import { servePlugin } from "../serve.ts";

const copyToRemote: ResourceKind = {
  unknownInPreview: ["source"],
  replacedBy: (changed) => changed.filter((name) => name === "triggers"),
  create: () => Promise.resolve({ id: randomBytes(4).toString("hex"), outputs: {} }),
  update: () => Promise.resolve({}),
};

const remoteCommand: ResourceKind = {
  replacedBy: (changed) => changed.filter((name) => name === "triggers"),
  create: (_inputs, { name }) =>
    Promise.resolve({ id: `${name}${randomBytes(4).toString("hex")}`, outputs: { stdout: "in force", stderr: "" } }),
  update: () => Promise.resolve({ stdout: "in force", stderr: "" }),
};

const KINDS = { "command:remote:CopyToRemote": copyToRemote, "command:remote:Command": remoteCommand };

await servePlugin({
  sdk: "@pulumi/command",
  version: "1.2.1",
  kindOf: (token) => KINDS[token as keyof typeof KINDS],
});
