import { planContactPoints } from "./contact-points.ts";
import { planDataSources } from "./data-sources.ts";
import type { GrafanaContentSettings, GrafanaDashboard } from "./settings.ts";

/**
 * A value that must not stand in the open. A file names the file that holds it; through the API the text itself goes
 * over, marked as a secret.
 */
export type Hidden =
  /** A part of the client certificate the environment issues. */
  | { readonly tls: "ca" | "cert" | "key" }
  /** A secret of the environment, by name, and what stands in front of it. */
  | { readonly secret: string; readonly prefix?: string }
  /** What Grafana keeps among its secrets although it is none. */
  | { readonly text: string };

export interface GrafanaFolder {
  readonly uid: string;
  readonly title: string;
}

export interface GrafanaDataSource {
  /** Panels name it, so it never changes; also its name. */
  readonly uid: string;
  /** Id of the plugin that reads it. */
  readonly type: string;
  readonly url: string;
  readonly isDefault: boolean;
  /** User of a SQL database. */
  readonly user?: string;
  /** User of HTTP basic authentication. */
  readonly basicAuthUser?: string;
  /** Settings of the plugin, with Grafana's own variables spelled `${…}`. */
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly hidden: Readonly<Record<string, Hidden>>;
}

export interface GrafanaContactPoint {
  readonly uid: string;
  readonly name: string;
  readonly type: "webhook" | "teams" | "slack" | "pagerduty";
  readonly settings: Readonly<Record<string, string>>;
  /** The URL or key that reaches it. */
  readonly address: Hidden;
}

/** A user for programs. */
export interface GrafanaServiceAccount {
  readonly name: string;
  readonly role: "Viewer" | "Editor" | "Admin";
}

/** What one Grafana holds: files for the Grafana of the environment and the API of any other are rendered from this. */
export interface GrafanaContent {
  readonly folder: GrafanaFolder;
  readonly dataSources: readonly GrafanaDataSource[];
  readonly dashboards: readonly GrafanaDashboard[];
  /**
   * Prometheus decides what fires and Alertmanager who is told (S0-13), so no notification policy is touched: these
   * wait for alerts that people write in Grafana themselves, which may then reach the same people.
   */
  readonly contactPoints: readonly GrafanaContactPoint[];
  /** Reads dashboards and data sources, for checks and for rendered links. Grafana has no file form of it. */
  readonly serviceAccount: GrafanaServiceAccount;
}

export function planGrafanaContent(settings: GrafanaContentSettings): GrafanaContent {
  return {
    folder: { uid: "gpu-observability", title: "GPU observability" },
    dataSources: planDataSources(settings),
    dashboards: settings.dashboards ?? [],
    contactPoints: planContactPoints(settings.receivers ?? []),
    serviceAccount: { name: "gpu-observability-reader", role: "Viewer" },
  };
}
