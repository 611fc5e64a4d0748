import { readFileSync } from "node:fs";
import { Provider } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";

/** Any resource there is. */
class Registered extends pulumi.CustomResource {}

/** A Pulumi program: registers the resources of the file that RESOURCES names, and reaches no cluster. */
const file = process.env["RESOURCES"] ?? "";
const resources = JSON.parse(readFileSync(file, "utf8")) as readonly EngineResource[];
const provider = new Provider("offline", { renderYamlToDirectory: "rendered" });

/** JSON holds no asset: the source of a copy is given as a path. */
function inputsOf({ type, props }: EngineResource): pulumi.Inputs {
  const { source } = props;
  const isCopy = type === "command:remote:CopyToRemote" && typeof source === "string";
  return { ...props, ...(isCopy ? { source: new pulumi.asset.FileAsset(source) } : {}) };
}

for (const resource of resources) {
  const { type, urn, protect } = resource;
  const offline = type.startsWith("kubernetes:") ? { provider } : {};
  new Registered(type, urn.split("::").at(-1) ?? "", inputsOf(resource), { protect, ...offline });
}
