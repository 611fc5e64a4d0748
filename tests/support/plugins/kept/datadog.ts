import { servePlugin } from "../serve.ts";
import { keptResource, newNumber } from "./kept-resource.ts";

const kept = keptResource({
  newId: newNumber,
  answer: (id) => ({ url: `/dashboard/${id}` }),
  identity: ["type"],
  secretOutputs: [],
});

await servePlugin({
  sdk: "@pulumi/datadog",
  version: "5.11.0",
  kindOf: (token) => (token.startsWith("datadog:") ? kept : undefined),
});
