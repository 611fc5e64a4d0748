import { servePlugin } from "../serve.ts";
import { keptResource, newNumber, newUid } from "./kept-resource.ts";

/** The organisation everybody starts in. */
const ORGANISATION = "1";

const kept = keptResource({
  newId: ({ uid }) => `${ORGANISATION}:${typeof uid === "string" ? uid : newUid()}`,
  answer: (id, inputs, { config }) => {
    const uid = id.split(":").at(-1) ?? id;
    const { configJson } = inputs as { configJson?: string };
    const own = configJson === undefined ? undefined : (JSON.parse(configJson) as { uid?: string }).uid;
    const address = typeof config["url"] === "string" ? config["url"].replace(/\/$/, "") : "";
    return {
      uid: own ?? uid,
      url: `${address}/d/${own ?? uid}`,
      dashboardId: Number(newNumber()),
      version: 1,
      key: `glsa_${newUid()}`,
      hasExpired: false,
      orgId: ORGANISATION,
    };
  },
  identity: ["uid", "orgId", "serviceAccountId"],
  secretOutputs: ["key"],
});

await servePlugin({
  sdk: "@pulumiverse/grafana",
  version: "2.40.0",
  kindOf: (token) => (token.startsWith("grafana:") ? kept : undefined),
});
