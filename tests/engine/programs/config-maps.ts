import * as kubernetes from "@pulumi/kubernetes";

/** As many bare resources as asked for: what the engine and the plugin cost by themselves. */
const { BARE_COUNT = "1" } = process.env;

const provider = new kubernetes.Provider("cluster", { enableServerSideApply: true });
const namespace = new kubernetes.core.v1.Namespace("bare", { metadata: { name: "bare" } }, { provider });
for (let index = 0; index < Number(BARE_COUNT); index++) {
  const metadata = { name: `bare-${index}`, namespace: namespace.metadata.name };
  new kubernetes.core.v1.ConfigMap(`bare-${index}`, { metadata, data: { index: String(index) } }, { provider });
}
