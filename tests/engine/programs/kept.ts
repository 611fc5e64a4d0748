import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";

const { CONTRACT_TITLE: title = "", CONTRACT_WRONG: wrong = "" } = process.env;

const service = new grafana.Provider("grafana", {
  url: "https://grafana.invalid",
  auth: pulumi.secret("token nobody may read"),
});
const folder = new grafana.oss.Folder("folder", { uid: "contract", title }, { provider: service });
const dashboard = new grafana.oss.Dashboard(
  "dashboard",
  { folder: folder.uid, configJson: JSON.stringify({ uid: "one", title }) },
  { provider: service },
);
new grafana.oss.DataSource(
  "source",
  {
    type: "prometheus",
    name: "prometheus",
    url: "https://prometheus.invalid",
    secureJsonDataEncoded: pulumi.secret(JSON.stringify({ password: "password nobody may read" })),
  },
  { provider: service },
);
const account = new grafana.oss.ServiceAccount("account", { name: "reader", role: "Viewer" }, { provider: service });
const token = new grafana.oss.ServiceAccountToken(
  "token",
  { name: "reader", serviceAccountId: account.id },
  { provider: service },
);

const keys = {
  apiKey: pulumi.secret("key nobody may read"),
  appKey: pulumi.secret("app nobody may read"),
  validate: "false",
};
const account2 = new datadog.Provider("datadog", keys);
const monitor = new datadog.Monitor(
  "monitor",
  {
    name: title,
    type: "metric alert",
    query: "avg(last_5m):avg:system.load.1{*} > 4",
    message: "too much",
    monitorThresholds: { critical: "4" },
    // What a program without types could say.
    ...(wrong === "" ? {} : { tags: wrong as unknown as string[] }),
  },
  { provider: account2 },
);

export const folderUid = folder.uid;
export const dashboardUrl = dashboard.url;
export const key = token.key;
export const monitorId = monitor.id;
export const monitorName = monitor.name;
