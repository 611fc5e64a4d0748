/** A data source of Grafana as panels name it: by uid, never by the name somebody gave it. */
export interface DataSource {
  readonly type: string;
  readonly uid: string;
}

/** The uids Grafana gets its data sources under (`components/grafana`). */
export const DATA_SOURCES = {
  prometheus: { type: "prometheus", uid: "prometheus" },
  loki: { type: "loki", uid: "loki" },
  tempo: { type: "tempo", uid: "tempo" },
  jaeger: { type: "jaeger", uid: "jaeger" },
  alertmanager: { type: "alertmanager", uid: "alertmanager" },
  /** GreptimeDB through its Prometheus interface. */
  greptimedb: { type: "prometheus", uid: "greptimedb" },
} as const satisfies Readonly<Record<string, DataSource>>;

/** Grafana's own stand-in for a panel whose queries go to several data sources. */
export const MIXED: DataSource = { type: "datasource", uid: "-- Mixed --" };
