import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { ConfigError } from "../core/errors.ts";
import type { DeliveredCertificate, SecretValues } from "../runtime/runtime.ts";
import type { GrafanaContactPoint, GrafanaContent, GrafanaDataSource, Hidden } from "./content.ts";

export interface ExternalGrafanaArgs {
  /** Address of the Grafana, such as `https://grafana.example.org`. */
  readonly url: string;
  /** Token of a service account that may administer it; a secret. */
  readonly token: pulumi.Input<string>;
  readonly content: GrafanaContent;
  /** What it shows the backends to be let in. */
  readonly certificate: DeliveredCertificate;
  /** Secrets of the environment; it reads those the content names. */
  readonly secrets: SecretValues;
}

/**
 * A Grafana somebody else runs, filled through its API: creates `${name}-provider`, `-folder`, one `-source-${uid}` per
 * data source, one `-dashboard-${uid}` per dashboard, one `-contact-${uid}` per contact point and `-service-account`
 * with its token. It does not touch notification policies: Grafana has one tree of them, and writing it would replace
 * what others put there.
 *
 * @throws ConfigError when the content names a secret there is none of
 */
export class ExternalGrafana extends pulumi.ComponentResource {
  /** Address of every dashboard, by uid. */
  readonly dashboards: Readonly<Record<string, pulumi.Output<string>>>;
  /** Token of a service account that may read; a secret. */
  readonly readerToken: pulumi.Output<string>;

  constructor(name: string, args: ExternalGrafanaArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { url, token, content } = args;
    super("gpuobs:grafana:ExternalGrafana", name, { url }, opts);
    const provider = new grafana.Provider(`${name}-provider`, { url, auth: pulumi.secret(token) }, { parent: this });
    const child = { parent: this, provider };
    const reveal = revealer(args);
    for (const source of content.dataSources) {
      new grafana.oss.DataSource(`${name}-source-${source.uid}`, toDataSource(source, reveal), child);
    }
    this.dashboards = createDashboards(name, content, child);
    for (const point of content.contactPoints) {
      new grafana.alerting.ContactPoint(`${name}-contact-${point.uid}`, toContactPoint(point, reveal), child);
    }
    const account = new grafana.oss.ServiceAccount(`${name}-service-account`, { ...content.serviceAccount }, child);
    const { key } = new grafana.oss.ServiceAccountToken(
      `${name}-service-account-token`,
      { name: content.serviceAccount.name, serviceAccountId: account.id },
      { ...child, additionalSecretOutputs: ["key"] },
    );
    this.readerToken = pulumi.secret(key);
    this.registerOutputs({ dashboards: this.dashboards, readerToken: this.readerToken });
  }
}

type Reveal = (hidden: Hidden) => pulumi.Output<string>;

function createDashboards(name: string, { folder, dashboards }: GrafanaContent, child: pulumi.CustomResourceOptions) {
  const { uid: folderUid } = new grafana.oss.Folder(`${name}-folder`, { ...folder }, child);
  const entries = dashboards.map(({ uid, model }) => {
    const args = { folder: folderUid, configJson: JSON.stringify(model), overwrite: true };
    return [uid, new grafana.oss.Dashboard(`${name}-dashboard-${uid}`, args, child).url] as const;
  });
  return Object.fromEntries(entries);
}

function toDataSource(source: GrafanaDataSource, reveal: Reveal): grafana.oss.DataSourceArgs {
  const { uid, type, url, isDefault, user, basicAuthUser, jsonData, hidden } = source;
  const shown = Object.fromEntries(Object.entries(hidden).map(([key, value]) => [key, reveal(value)]));
  return {
    uid,
    name: uid,
    type,
    accessMode: "proxy",
    url,
    isDefault,
    ...(user === undefined ? {} : { username: user }),
    ...(basicAuthUser === undefined ? {} : { basicAuthEnabled: true, basicAuthUsername: basicAuthUser }),
    jsonDataEncoded: JSON.stringify(jsonData),
    secureJsonDataEncoded: pulumi.secret(pulumi.jsonStringify(shown)),
  };
}

function toContactPoint(point: GrafanaContactPoint, reveal: Reveal): grafana.alerting.ContactPointArgs {
  const { name, type, settings } = point;
  const address = reveal(point.address);
  if (type === "webhook") return { name, webhooks: [{ ...settings, url: address }] };
  if (type === "teams") return { name, teams: [{ ...settings, url: address }] };
  if (type === "slack") return { name, slacks: [{ ...settings, url: address }] };
  return { name, pagerduties: [{ ...settings, integrationKey: address }] };
}

function revealer({ certificate, secrets }: ExternalGrafanaArgs): Reveal {
  const parts = { ca: certificate.caPem, cert: certificate.certPem, key: certificate.keyPem };
  return (hidden) => {
    if ("text" in hidden) return pulumi.output(hidden.text);
    const value = "tls" in hidden ? parts[hidden.tls] : secrets[hidden.secret];
    if (value === undefined) throw new ConfigError([missingSecret("secret" in hidden ? hidden.secret : "")]);
    return pulumi.secret("prefix" in hidden ? pulumi.interpolate`${hidden.prefix}${value}` : value);
  };
}

function missingSecret(name: string) {
  return {
    path: `external Grafana: secret ${name}`,
    expected: "a value",
    got: "nothing",
    fix: "pass it among `secrets`",
  };
}
